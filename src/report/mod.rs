//! Joins measurement and theory.
