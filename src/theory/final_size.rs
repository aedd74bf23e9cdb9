//! The final-size relation s = s0 e^(-c(1-s)): the share that is left uninformed
//! where each informed node makes c contacts in all, for many nodes.
//!
//! Source: W. Kermack and A. McKendrick, Proc. R. Soc. A 115 (1927) 700-721, the
//! SIR epidemic of textbooks, with c = R0; A. Demers et al., PODC 1987, section
//! 1.4, has it with c = k + 1 for rumors. Assumes that chance does not matter: as
//! the value of a finite system it is **approximate** (an error of order 1/n
//! where the rumor spreads, none at all where it dies out among the first few).
//! Unit: shares of the nodes. Range: 0 <= s0 <= 1, c >= 0.

/// The least root s of s = s0 e^(-c(1-s)); s0 is the uninformed share at first,
/// for few sources among many nodes 1. Then s = 1 is a root too, and the only
/// one up to c = 1. Examples: c = 2: .203188, c = 3: .059520.
pub fn final_size(uninformed: f64, contacts: f64) -> f64 {
    assert!((0.0..=1.0).contains(&uninformed) && contacts >= 0.0);
    if uninformed >= 1.0 && contacts <= 1.0 {
        return 1.0;
    }
    // From 0 the iteration of Newton rises to the least root: the right side is
    // convex and meets the diagonal from above.
    let mut share = 0.0;
    for _ in 0..200 {
        let next = uninformed * libm::exp(-contacts * (1.0 - share));
        let step = (next - share) / (1.0 - contacts * next);
        if step <= share * f64::EPSILON {
            break;
        }
        share += step;
    }
    share
}

#[cfg(test)]
mod tests {
    use super::super::is_close;
    use super::*;

    #[test]
    fn published_values() {
        let values = [2.0, 3.0, 4.0, 5.0, 6.0].map(|c| format!("{:.6}", final_size(1.0, c)));
        let want = ["0.203188", "0.059520", "0.019827", "0.006977", "0.002516"];
        assert_eq!(values, want);
    }

    #[test]
    fn the_root_is_one_and_the_least() {
        for uninformed in [0.0, 0.3, 0.9, 0.999, 1.0] {
            for contacts in [0.0, 0.5, 1.0, 1.01, 1.5, 4.0, 50.0, 700.0] {
                let s = final_size(uninformed, contacts);
                let right = uninformed * libm::exp(-contacts * (1.0 - s));
                // Near c = 1 and s0 = 1 two roots meet: half the digits.
                assert!((s - right).abs() < 1e-14, "{uninformed} {contacts} {s}");
                let below = s * 0.99;
                let above = uninformed * libm::exp(-contacts * (1.0 - below));
                assert!(above >= below, "{uninformed} {contacts}");
            }
        }
        assert_eq!(final_size(1.0, 1.0), 1.0);
        assert!(is_close(final_size(0.5, 0.0), 0.5, 1e-15));
    }
}
