//! Continued fractions, by Lentz's method as modified by Thompson and Barnett
//! (DLMF 3.10(iii)).

/// Terms taken at most. The expansions of this room need some sqrt(a) of them
/// for parameters of size a, so this is never reached for a up to 1e12.
pub(super) const TERMS_MAX: u64 = 20_000_000;

/// `first` + alpha_1/(beta_1 + alpha_2/(beta_2 + ...)), where `term(k)` is
/// (alpha_k, beta_k).
pub(super) fn continued_fraction(first: f64, term: impl Fn(f64) -> (f64, f64)) -> f64 {
    let mut fraction = away_from_zero(first);
    let mut c = fraction;
    let mut d = 0.0;
    for k in 1..TERMS_MAX {
        let (alpha, beta) = term(k as f64);
        d = 1.0 / away_from_zero(beta + alpha * d);
        c = away_from_zero(beta + alpha / c);
        fraction *= c * d;
        if (c * d - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    fraction
}

fn away_from_zero(value: f64) -> f64 {
    if value.abs() < 1e-300 { 1e-300 } else { value }
}

#[cfg(test)]
mod tests {
    use super::super::is_close;
    use super::*;

    #[test]
    fn golden_ratio_and_pi() {
        let ratio = continued_fraction(1.0, |_| (1.0, 1.0));
        assert!(is_close(ratio, 0.5 + 1.25_f64.sqrt(), 1e-15));
        // 4/pi = 1 + 1^2/(3 + 2^2/(5 + ...))
        let four_over_pi = continued_fraction(1.0, |k| (k * k, 2.0 * k + 1.0));
        assert!(is_close(4.0 / four_over_pi, std::f64::consts::PI, 1e-15));
    }
}
