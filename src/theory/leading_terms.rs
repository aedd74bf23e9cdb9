//! Leading terms of the rounds until all nodes are informed: the first terms
//! of theorems for n to infinity, **without the offset**, which is not small
//! at practical n. A guide for the eye beside a measurement, not a prediction
//! to test it against.
//!
//! Assumes: synchronous rounds, complete graph, one source, one call per node
//! and round to a uniform target, no loss. Unit: rounds. Range: n >= 1.

/// log2 n + ln n, for push.
///
/// Source: B. Pittel, On spreading a rumor, SIAM J. Appl. Math. 47 (1987)
/// 213-223: the number of rounds S_n is log2 n + ln n + O(1) in probability as
/// n tends to infinity: a law of S_n minus this that does not drift away, whose
/// centre is not said. A. Frieze and G. Grimmett, Discrete Appl. Math. 10 (1985)
/// 57-77, had the ratio, S_n / log2 n to 1 + ln 2 in probability, which leaves
/// any difference of a lower order. Example: 16.873 at n = 1000, where the exact
/// mean is 18.038: the offset there is 1.165.
pub fn push_leading_terms(nodes: u64) -> f64 {
    let n = nodes as f64;
    libm::log2(n) + libm::log(n)
}

/// log3 n, for push-pull.
///
/// Source: R. Karp, C. Schindelhauer, S. Shenker, B. Voecking, Randomized rumor
/// spreading, FOCS 2000, 565-574: all are informed within log3 n + O(ln ln n)
/// rounds with high probability, and with O(n ln ln n) transmissions if nodes
/// stop in time (by the age of the rumor, or their median counter; here they
/// do not). An upper bound, whose second term still grows. Example:
/// 6.288 at n = 1000, where the exact mean is 9.151.
pub fn push_pull_leading_terms(nodes: u64) -> f64 {
    libm::log(nodes as f64) / libm::log(3.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_at_a_thousand() {
        let push = push_leading_terms(1000);
        assert_eq!(format!("{push:.2}"), "16.87");
        // Exact means from the Markov chains: 18.0383 and 9.1511.
        assert_eq!(format!("{:.3}", 18.0383 - push), "1.165");
        let push_pull = push_pull_leading_terms(1000);
        assert_eq!(format!("{push_pull:.3}"), "6.288");
    }

    #[test]
    fn powers() {
        assert_eq!(push_leading_terms(1), 0.0);
        assert_eq!(push_pull_leading_terms(1), 0.0);
        assert!((push_pull_leading_terms(729) - 6.0).abs() < 1e-14);
        assert!((push_leading_terms(1024) - 10.0 - libm::log(1024.0)).abs() < 1e-14);
    }
}
