//! Gamma: the density is proportional to t^(shape - 1) e^{-t / scale}; a whole
//! shape is a sum of so many exponential times.
//!
//! Source: G. Marsaglia, W. W. Tsang, A simple method for generating gamma
//! variables, ACM Trans. Math. Softw. 26 (2000) 363-372, without their squeeze;
//! a shape below 1 by their power of a uniform number. The tail by DLMF 8.11.4
//! (series) and 8.9.2 (continued fraction).

use super::{Law, whole_nanoseconds};
use crate::keys;
use crate::random::Stream;
use crate::time::Duration;

keys! {
    /// `latency = { kind = "gamma", shape = 3.0, scale = "15ms" }`.
    pub struct Gamma {
        /// Where it is whole, the sum of so many exponential times.
        pub shape: f64 [0.1..=10_000.0],
        /// The mean is `shape` times this.
        pub scale: Duration,
    }
}

impl Law for Gamma {
    #[inline(never)]
    fn draw(&self, stream: &mut Stream) -> Duration {
        let sum = if self.shape >= 1.0 {
            from_one_on(self.shape, stream)
        } else {
            // U^(1/shape), the logarithm of U being an exponential time.
            let power = libm::exp(-stream.exponential() / self.shape);
            from_one_on(self.shape + 1.0, stream) * power
        };
        whole_nanoseconds(self.scale.0 as f64 * sum)
    }

    fn exceeds(&self, length: Duration) -> f64 {
        if self.scale == Duration::ZERO {
            return 0.0;
        }
        upper(self.shape, length.0 as f64 / self.scale.0 as f64)
    }

    fn is_constant(&self) -> bool {
        self.scale == Duration::ZERO
    }
}

/// Of scale 1 and shape 1 or more.
fn from_one_on(shape: f64, stream: &mut Stream) -> f64 {
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = stream.normal();
        let root = 1.0 + c * x;
        if root <= 0.0 {
            continue;
        }
        let v = root * root * root;
        if -stream.exponential() < 0.5 * x * x + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

/// Terms at most: some 10 sqrt(shape) are needed.
const TERMS_MAX: u32 = 100_000;

/// P(X > x) for shape a and scale 1.
fn upper(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    // x^a e^-x / Gamma(a), by logarithms.
    let front = libm::exp(a * libm::log(x) - x - libm::lgamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0 / a, 1.0 / a);
        for k in 1..TERMS_MAX {
            term *= x / (a + f64::from(k));
            sum += term;
            if term <= sum * (f64::EPSILON / 4.0) {
                break;
            }
        }
        return (1.0 - front * sum).clamp(0.0, 1.0);
    }
    // 1/(x + 1 - a - 1 (1-a)/(x + 3 - a - ...)), from its front (Lentz). All
    // denominators are positive for x >= a + 1.
    let mut below = x + 1.0 - a;
    let (mut c, mut d) = (f64::INFINITY, 1.0 / below);
    let mut fraction = d;
    for k in 1..TERMS_MAX {
        let k = f64::from(k);
        let step = k * (a - k);
        below += 2.0;
        d = 1.0 / (below + step * d);
        c = below + step / c;
        fraction *= c * d;
        if (c * d - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    (front * fraction).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::function::gamma::gamma_ur;

    #[test]
    fn the_tail_agrees_with_another_library() {
        for a in [0.1, 0.5, 1.0, 1.5, 7.0, 50.0, 300.0, 10_000.0] {
            for ratio in [1e-6, 0.3, 0.8, 0.99, 1.0, 1.1, 2.0, 9.0] {
                let x: f64 = a * ratio;
                let (got, want) = (upper(a, x), gamma_ur(a, x));
                assert!((got - want).abs() < 1e-10, "{a} {x}: {got} {want}");
            }
        }
        // Far out, where 1 - P would have no digits left.
        assert!((upper(1.0, 600.0) / libm::exp(-600.0) - 1.0).abs() < 1e-12);
        assert_eq!((upper(2.0, 0.0), upper(2.0, 1e6)), (1.0, 0.0));
    }
}
