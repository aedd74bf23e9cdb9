//! All cells and replicates on rayon, results in a fixed order.
