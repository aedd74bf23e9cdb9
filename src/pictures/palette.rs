//! Colours that colour-blind readers can tell apart, in print too.

/// A colour and how much of it covers what is beneath.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Color {
    /// Red, green, blue.
    pub rgb: (u8, u8, u8),
    /// 1 covers all.
    pub alpha: f64,
}

impl Color {
    const fn solid(red: u8, green: u8, blue: u8) -> Self {
        Color {
            rgb: (red, green, blue),
            alpha: 1.0,
        }
    }

    /// The colour, letting through what is beneath.
    pub fn with_alpha(self, alpha: f64) -> Self {
        Color {
            rgb: self.rgb,
            alpha,
        }
    }

    /// A solid colour on the way to white: 0 is the colour, 1 white.
    pub fn paler(self, share: f64) -> Self {
        self.toward(255.0, share)
    }

    /// A solid colour on the way to black: 0 is the colour, 1 black.
    pub fn darker(self, share: f64) -> Self {
        self.toward(0.0, share)
    }

    fn toward(self, end: f64, share: f64) -> Self {
        let mix = |c: u8| (f64::from(c) + (end - f64::from(c)) * share) as u8;
        let (red, green, blue) = self.rgb;
        Color::solid(mix(red), mix(green), mix(blue))
    }
}

/// Paper.
pub const WHITE: Color = Color::solid(255, 255, 255);
/// Titles and labels.
pub const INK: Color = Color::solid(0x22, 0x22, 0x22);
/// Subtitles, axes, limits.
pub const GREY: Color = Color::solid(0x59, 0x59, 0x59);
/// Lines that help the eye.
pub const GRID: Color = Color::solid(0xE4, 0xE4, 0xE4);

/// For settings without an order: M. Okabe and K. Ito, Color universal design (2008).
const NAMED: [Color; 6] = [
    Color::solid(0x00, 0x72, 0xB2),
    Color::solid(0xD5, 0x5E, 0x00),
    Color::solid(0x00, 0x9E, 0x73),
    Color::solid(0xCC, 0x79, 0xA7),
    Color::solid(0xE6, 0x9F, 0x00),
    Color::solid(0x56, 0xB4, 0xE9),
];

/// For settings with an order: from dark to light, evenly spaced in lightness, through hues that stay apart
/// (the course of viridis, without its palest end).
const RAMP: [(f64, f64, f64); 7] = [
    (68.0, 1.0, 84.0),
    (70.0, 50.0, 127.0),
    (54.0, 92.0, 141.0),
    (39.0, 127.0, 142.0),
    (31.0, 161.0, 135.0),
    (74.0, 190.0, 109.0),
    (148.0, 208.0, 58.0),
];

/// Colour number `index` of `count`; along the ramp where the settings have an order.
pub fn color(index: usize, count: usize, ordered: bool) -> Color {
    if count <= 1 {
        return NAMED[0];
    }
    if !ordered {
        return NAMED[index % NAMED.len()];
    }
    let at = index as f64 * (RAMP.len() - 1) as f64 / (count - 1) as f64;
    let below = (at.floor() as usize).min(RAMP.len() - 2);
    let share = at - below as f64;
    let (from, to) = (RAMP[below], RAMP[below + 1]);
    let mix = |a: f64, b: f64| (a + (b - a) * share).round() as u8;
    Color::solid(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}
