//! Frames: magic, length, checksum over length and payload, payload.
//!
//! A file of them can be cut anywhere, and any byte of it can be wrong: what is
//! whole is found again by the next magic.

use std::io::{self, Read};
use xxhash_rust::xxh3::Xxh3Default;

/// Opens a frame: no text has it.
const MAGIC: [u8; 4] = [0xf5, b'G', b'S', 0xa7];

/// Magic, length (4 bytes), checksum (8 bytes), all little-endian.
pub const HEAD_BYTES: usize = 16;

/// No payload is longer.
pub const PAYLOAD_BYTES_MAX: usize = 1 << 24;

/// Appends a frame around what `write` appends.
pub fn put(bytes: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = bytes.len();
    bytes.extend([0; HEAD_BYTES]);
    write(bytes);
    let (head, payload) = bytes[start..].split_at_mut(HEAD_BYTES);
    assert!(payload.len() <= PAYLOAD_BYTES_MAX, "a payload fits a frame");
    let length = (payload.len() as u32).to_le_bytes();
    head[..4].copy_from_slice(&MAGIC);
    head[4..8].copy_from_slice(&length);
    head[8..].copy_from_slice(&checksum(length, payload).to_le_bytes());
}

/// By XXH3, which sees every flipped bit of short inputs.
fn checksum(length: [u8; 4], payload: &[u8]) -> u64 {
    let mut hash = Xxh3Default::new();
    hash.update(&length);
    hash.update(payload);
    hash.digest()
}

/// What a file of frames holds, from its beginning to its end without a gap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// A whole frame's payload; `at`: the place of the frame in the file.
    Whole {
        /// Bytes before the frame.
        at: u64,
        /// What is in it.
        payload: Vec<u8>,
    },
    /// So many bytes before the next whole frame, or the end, are no frames.
    Damage {
        /// Bytes before them.
        at: u64,
        /// How many.
        bytes: u64,
    },
    /// The file ends within a frame, which has so many bytes: whoever wrote it
    /// was killed.
    Torn {
        /// Bytes before the frame.
        at: u64,
        /// How many there are of it.
        bytes: u64,
    },
}

/// Reads frames one after another.
pub struct Frames<R> {
    input: R,
    /// What was read and not yet given.
    held: Vec<u8>,
    /// Where the rest of `held` begins.
    from: usize,
    /// The place of that in the file.
    at: u64,
    is_at_end: bool,
    /// Found while looking beyond damage.
    next: Option<Piece>,
}

/// What stands at a place.
enum Found {
    Frame(usize),
    /// A frame may begin here, and the file ends before it does.
    Cut,
    Other,
}

impl<R: Read> Frames<R> {
    /// From the beginning of a file.
    pub fn new(input: R) -> Frames<R> {
        Frames {
            input,
            held: Vec::new(),
            from: 0,
            at: 0,
            is_at_end: false,
            next: None,
        }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// The file can't be read.
    pub fn next_piece(&mut self) -> io::Result<Option<Piece>> {
        if let Some(piece) = self.next.take() {
            return Ok(Some(piece));
        }
        self.forget();
        match self.found(0)? {
            Found::Frame(length) => Ok(Some(self.give(length))),
            _ if self.held.len() == self.from => Ok(None),
            found => self.beyond(matches!(found, Found::Cut)).map(Some),
        }
    }

    /// The frame at the front, which is whole.
    fn give(&mut self, length: usize) -> Piece {
        let start = self.from + HEAD_BYTES;
        let payload = self.held[start..start + length].to_vec();
        let at = self.at;
        self.skip(HEAD_BYTES + length);
        Piece::Whole { at, payload }
    }

    fn skip(&mut self, bytes: usize) {
        self.from += bytes;
        self.at += bytes as u64;
    }

    /// What is not a frame, up to the next that is one, or the end.
    fn beyond(&mut self, is_cut: bool) -> io::Result<Piece> {
        let begin = self.at;
        let mut cut = is_cut.then_some(begin);
        loop {
            self.skip(1);
            self.skip_to_magic()?;
            match self.found(0)? {
                Found::Frame(length) => {
                    let bytes = self.at - begin;
                    self.next = Some(self.give(length));
                    return Ok(Piece::Damage { at: begin, bytes });
                }
                Found::Cut => cut = cut.or(Some(self.at)),
                Found::Other => {}
            }
            if self.held.len() == self.from {
                break;
            }
        }
        let torn = |at| Piece::Torn {
            at,
            bytes: self.at - at,
        };
        Ok(match cut {
            Some(at) if at == begin => torn(at),
            Some(at) => {
                self.next = Some(torn(at));
                let bytes = at - begin;
                Piece::Damage { at: begin, bytes }
            }
            None => Piece::Damage {
                at: begin,
                bytes: self.at - begin,
            },
        })
    }

    /// Skips to what may be a magic.
    fn skip_to_magic(&mut self) -> io::Result<()> {
        loop {
            let rest = &self.held[self.from..];
            match rest.iter().position(|byte| *byte == MAGIC[0]) {
                Some(place) => {
                    self.skip(place);
                    return Ok(());
                }
                None => self.skip(rest.len()),
            }
            self.forget();
            self.fill(1)?;
            if self.held.len() == self.from {
                return Ok(());
            }
        }
    }

    fn found(&mut self, place: usize) -> io::Result<Found> {
        self.fill(place + HEAD_BYTES)?;
        let rest = &self.held[self.from + place..];
        if rest.is_empty() || !rest.iter().zip(MAGIC).all(|(byte, magic)| *byte == magic) {
            return Ok(Found::Other);
        }
        let Some((head, _)) = rest.split_first_chunk::<HEAD_BYTES>() else {
            return Ok(Found::Cut);
        };
        let [_, _, _, _, a, b, c, d, sum @ ..] = *head;
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        if length > PAYLOAD_BYTES_MAX {
            return Ok(Found::Other);
        }
        self.fill(place + HEAD_BYTES + length)?;
        let rest = &self.held[self.from + place + HEAD_BYTES..];
        Ok(match rest.get(..length) {
            None => Found::Cut,
            Some(payload) if checksum([a, b, c, d], payload) == u64::from_le_bytes(sum) => {
                Found::Frame(length)
            }
            Some(_) => Found::Other,
        })
    }

    /// Gives back the memory of what was given.
    fn forget(&mut self) {
        if self.from >= READ_BYTES {
            self.held.drain(..self.from);
            self.from = 0;
        }
    }

    /// Reads on until so many bytes are held, or the file ends.
    fn fill(&mut self, bytes: usize) -> io::Result<()> {
        while self.held.len() - self.from < bytes && !self.is_at_end {
            let missing = bytes - (self.held.len() - self.from);
            let wanted = missing.max(READ_BYTES) as u64;
            let read = (&mut self.input).take(wanted).read_to_end(&mut self.held)?;
            self.is_at_end = (read as u64) < wanted;
        }
        Ok(())
    }
}

const READ_BYTES: usize = 1 << 16;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pieces(bytes: &[u8]) -> Vec<Piece> {
        let mut frames = Frames::new(bytes);
        let mut all = Vec::new();
        while let Some(piece) = frames.next_piece().unwrap() {
            all.push(piece);
        }
        let mut end = 0;
        for piece in &all {
            let (at, bytes) = match piece {
                Piece::Whole { at, payload } => (*at, (HEAD_BYTES + payload.len()) as u64),
                Piece::Damage { at, bytes } | Piece::Torn { at, bytes } => (*at, *bytes),
            };
            assert_eq!(at, end, "no gap: {all:?}");
            end = at + bytes;
        }
        assert_eq!(end, bytes.len() as u64);
        all
    }

    fn file(payloads: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for payload in payloads {
            put(&mut bytes, |bytes| bytes.extend(payload));
        }
        bytes
    }

    fn whole(pieces: &[Piece]) -> Vec<&Vec<u8>> {
        let wholes = pieces.iter().filter_map(|piece| match piece {
            Piece::Whole { payload, .. } => Some(payload),
            _ => None,
        });
        wholes.collect()
    }

    /// Payloads of many lengths, some with a magic in them.
    fn payloads() -> Vec<Vec<u8>> {
        let mut all: Vec<Vec<u8>> = (0..12u8).map(|k| vec![k; 5 * usize::from(k)]).collect();
        all[3].extend(MAGIC);
        all[7].splice(4..4, file(&[vec![9; 3]])[..HEAD_BYTES - 1].to_vec());
        all
    }

    #[test]
    fn every_truncation_is_seen_and_takes_one_frame() {
        let all = payloads();
        let bytes = file(&all);
        let ends: Vec<usize> = (0..=all.len()).map(|k| file(&all[..k]).len()).collect();
        for length in 0..bytes.len() {
            let pieces = pieces(&bytes[..length]);
            let kept = ends.iter().filter(|end| **end <= length).count() - 1;
            let expected: Vec<&Vec<u8>> = all[..kept].iter().collect();
            assert_eq!(whole(&pieces), expected, "{length}");
            let rest = (length - ends[kept]) as u64;
            let torn = (rest > 0).then_some(Piece::Torn {
                at: ends[kept] as u64,
                bytes: rest,
            });
            assert_eq!(pieces.get(kept), torn.as_ref(), "{length}");
            assert!(pieces.len() <= kept + 1);
        }
    }

    #[test]
    fn every_flipped_bit_is_seen_and_takes_one_frame() {
        let all = payloads();
        let bytes = file(&all);
        for bit in 0..8 * bytes.len() {
            let mut bad = bytes.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            let pieces = pieces(&bad);
            let kept = whole(&pieces);
            assert_eq!(kept.len(), all.len() - 1, "bit {bit}");
            assert!(kept.iter().all(|payload| all.contains(payload)));
            let bad = pieces
                .iter()
                .filter(|piece| !matches!(piece, Piece::Whole { .. }));
            assert_eq!(bad.count(), 1, "bit {bit}");
        }
    }

    #[test]
    fn damage_and_a_torn_end_are_told_apart() {
        let bytes = file(&payloads());
        let first = file(&payloads()[..1]).len() as u64;
        let mut bad = bytes[..bytes.len() - 1].to_vec();
        bad[first as usize + 1] ^= 1;
        let pieces = pieces(&bad);
        assert!(matches!(pieces[1], Piece::Damage { at, .. } if at == first));
        assert!(matches!(pieces.last(), Some(Piece::Torn { .. })));
        assert_eq!(whole(&pieces).len(), payloads().len() - 2);
    }

    #[test]
    fn payloads_longer_than_what_is_read_at_once_come_whole() {
        let long = vec![vec![1; 3 * READ_BYTES], vec![2; 10], vec![3; READ_BYTES]];
        let mut bytes = file(&long);
        assert_eq!(whole(&pieces(&bytes)).len(), 3);
        bytes[100] ^= 4;
        let all = pieces(&bytes);
        assert_eq!(whole(&all), [&long[1], &long[2]]);
    }

    proptest! {
        #[test]
        fn what_is_put_is_read(all in proptest::collection::vec(any::<Vec<u8>>(), 0..20)) {
            let bytes = file(&all);
            let pieces = pieces(&bytes);
            prop_assert_eq!(whole(&pieces), all.iter().collect::<Vec<_>>());
        }

        /// Cut, overwritten, and strangers' bytes anywhere.
        #[test]
        fn what_is_whole_is_found_whatever_stands_around_it(
            before: Vec<u8>, all in proptest::collection::vec(any::<Vec<u8>>(), 0..5), after: Vec<u8>,
        ) {
            let bytes = [before, file(&all), after].concat();
            let pieces = pieces(&bytes);
            let whole = whole(&pieces);
            prop_assert!(all.iter().all(|payload| whole.contains(&payload)));
        }
    }
}
