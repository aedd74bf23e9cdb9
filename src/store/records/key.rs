//! Which run a record is of.
//!
//! Not the cell's number, which shifts when an axis grows, but all that its
//! numbers depend on besides the replicate.

use sha2::{Digest, Sha256};

/// The first 16 bytes of a SHA-256 over the behaviour of the program, the
/// cell's complete settings, its dice and the master seed, each behind its
/// length.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Key(pub [u8; 16]);

impl Key {
    /// The key of a cell's runs. `behaviour` names what the program does with
    /// the settings; `settings` are complete, defaults written out.
    pub fn new(behaviour: &str, settings: &str, dice: &str, seed: u64) -> Key {
        let mut hash = Sha256::new();
        for text in [behaviour, settings, dice, &seed.to_string()] {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        Key(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_counts_and_none_flows_into_the_next() {
        let keys = [
            Key::new("1", "a", "b", 12),
            Key::new("2", "a", "b", 12),
            Key::new("1", "c", "b", 12),
            Key::new("1", "a", "c", 12),
            Key::new("1", "a", "b", 21),
            Key::new("1", "ab", "", 12),
            Key::new("1", "", "ab", 12),
            Key::new("1a", "", "b", 12),
            Key::new("1", "a", "b1", 2),
        ];
        for (place, key) in keys.iter().enumerate() {
            assert!(!keys[..place].contains(key), "{place}");
        }
    }

    /// Keys are in people's files: they must never move.
    #[test]
    fn a_key_is_what_it_was() {
        let hex = |key: Key| key.0.map(|byte| format!("{byte:02x}")).concat();
        let key = Key::new("1", "nodes.count = 20", "", 1);
        assert_eq!(hex(key), "1cc3e350da14a2f462d5e3bbbdd8b326");
    }
}
