//! Tables to CSV, PNG, SVG and a manifest.
pub mod pictures;
