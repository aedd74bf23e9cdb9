//! Pictures of a results directory.
