//! Closed forms and exact laws, a file per model, each citing its source.
