//! One cell as it was read.

use crate::engine::Setup;
use crate::registry::Loaded;
use crate::settings::Sections;

/// What a tree says.
pub struct Read {
    /// All settings but the protocol's own; what depends on others is filled in.
    pub sections: Sections,
    pub protocol_name: String,
    pub protocol: Box<dyn Loaded>,
    pub setup: Setup,
}
