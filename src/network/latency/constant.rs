//! The same latency for every message.

use crate::time::Duration;
use serde::{Deserialize, Serialize};

/// `latency = { kind = "constant", value = "5ms" }`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    /// How long every message travels.
    pub value: Duration,
}
