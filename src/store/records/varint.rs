//! Whole numbers in as few bytes as they need: seven bits a byte, the lowest
//! first, the eighth bit set where more follow (as LEB128).

/// What was read is no record of ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Damaged;

/// Appends a number.
pub fn put(bytes: &mut Vec<u8>, number: u64) {
    put_wide(bytes, u128::from(number));
}

/// Appends a number of up to 128 bits.
pub fn put_wide(bytes: &mut Vec<u8>, mut number: u128) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Appends a number that may be absent: 0, or one more than it is.
pub fn put_option(bytes: &mut Vec<u8>, number: Option<u64>) {
    put_wide(bytes, number.map_or(0, |number| u128::from(number) + 1));
}

/// Appends a difference, small ones of either sign in few bytes.
pub fn put_signed(bytes: &mut Vec<u8>, number: i64) {
    put(bytes, ((number << 1) ^ (number >> 63)) as u64);
}

/// Takes a number off the front.
pub fn take(bytes: &mut &[u8]) -> Result<u64, Damaged> {
    take_wide(bytes)?.try_into().map_err(|_| Damaged)
}

/// Takes a number of up to 128 bits off the front.
pub fn take_wide(bytes: &mut &[u8]) -> Result<u128, Damaged> {
    let mut number = 0;
    let mut shift = 0;
    loop {
        let (&byte, rest) = bytes.split_first().ok_or(Damaged)?;
        *bytes = rest;
        let part = u128::from(byte & 0x7f);
        if shift >= 128 || (part << shift) >> shift != part {
            return Err(Damaged);
        }
        number |= part << shift;
        if byte < 0x80 {
            return Ok(number);
        }
        shift += 7;
    }
}

/// Takes a number that may be absent off the front.
pub fn take_option(bytes: &mut &[u8]) -> Result<Option<u64>, Damaged> {
    match take_wide(bytes)? {
        0 => Ok(None),
        more => (more - 1).try_into().map(Some).map_err(|_| Damaged),
    }
}

/// Takes a difference off the front.
pub fn take_signed(bytes: &mut &[u8]) -> Result<i64, Damaged> {
    let number = take(bytes)?;
    Ok((number >> 1) as i64 ^ -((number & 1) as i64))
}

/// Appends a text behind its length.
pub fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put(bytes, text.len() as u64);
    bytes.extend(text.as_bytes());
}

/// Takes a text off the front.
pub fn take_text(bytes: &mut &[u8]) -> Result<String, Damaged> {
    let length = usize::try_from(take(bytes)?).map_err(|_| Damaged)?;
    let (text, rest) = bytes.split_at_checked(length).ok_or(Damaged)?;
    *bytes = rest;
    String::from_utf8(text.to_vec()).map_err(|_| Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_put_is_taken(
            plain: u64, wide: u128, absent: Option<u64>, signed: i64, small in -70i64..70
        ) {
            let mut bytes = Vec::new();
            put(&mut bytes, plain);
            put_wide(&mut bytes, wide);
            put_option(&mut bytes, absent);
            put_signed(&mut bytes, signed);
            put_signed(&mut bytes, small);
            let rest = &mut bytes.as_slice();
            prop_assert_eq!(take(rest), Ok(plain));
            prop_assert_eq!(take_wide(rest), Ok(wide));
            prop_assert_eq!(take_option(rest), Ok(absent));
            prop_assert_eq!(take_signed(rest), Ok(signed));
            prop_assert_eq!(take_signed(rest), Ok(small));
            prop_assert!(rest.is_empty());
        }
    }

    #[test]
    fn small_numbers_take_one_byte_and_their_end_is_seen() {
        let mut bytes = Vec::new();
        [0, 127]
            .into_iter()
            .for_each(|number| put(&mut bytes, number));
        [-64, 63]
            .into_iter()
            .for_each(|number| put_signed(&mut bytes, number));
        assert_eq!(bytes.len(), 4);
        assert_eq!(take(&mut [0x80].as_slice()), Err(Damaged));
        assert_eq!(take(&mut [0xff; 20].as_slice()), Err(Damaged));
        let mut beyond = Vec::new();
        put_wide(&mut beyond, 1 << 64);
        assert_eq!(take(&mut beyond.as_slice()), Err(Damaged));
    }
}
