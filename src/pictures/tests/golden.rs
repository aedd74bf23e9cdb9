//! The same bytes, in every build and on every machine.

use sha2::{Digest, Sha256};

use super::{Format, dying, full};

/// The first 16 hex digits of the bytes' SHA-256.
fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[test]
fn pictures_keep_their_bytes() {
    let formats = [Format::Png, Format::Svg];
    let sweeps = [full(), dying()];
    let pictures = sweeps.iter().flat_map(|s| s.draw(&formats).unwrap());
    let found: Vec<String> = pictures
        .map(|picture| {
            format!(
                "{}.{} {}",
                picture.name,
                picture.format.extension(),
                hash(&picture.bytes)
            )
        })
        .collect();
    let expected = [
        "convergence.png 3260d65febc19717",
        "convergence.svg fc0ef628e0691d49",
        "contact_probability.png 3e8fa4303c919f48",
        "contact_probability.svg ee2347dbb1063c6c",
        "rounds.png 83061d91c93df032",
        "rounds.svg 9e0e0c26bb2edfec",
        "residue.png e710e2a40df2ea29",
        "residue.svg 2cc7d9546c69d2f7",
    ];
    assert_eq!(
        found, expected,
        "pictures changed: look at them, then change the hashes"
    );
}

#[test]
fn the_same_tables_give_the_same_bytes_again() {
    let files = full();
    let (first, again) = (
        files.draw(&[Format::Svg]).unwrap(),
        files.draw(&[Format::Svg]).unwrap(),
    );
    assert!(first.iter().zip(&again).all(|(a, b)| a.bytes == b.bytes));
}

#[test]
fn a_png_has_the_promised_size() {
    let pictures = full().draw(&[Format::Png]).unwrap();
    let decoder = png::Decoder::new(std::io::Cursor::new(&pictures[0].bytes));
    let reader = decoder.read_info().unwrap();
    assert_eq!((reader.info().width, reader.info().height), (1600, 1000));
}
