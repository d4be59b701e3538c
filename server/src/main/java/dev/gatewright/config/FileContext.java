package dev.gatewright.config;

/// What every mapping of one configuration shares.
///
/// @param file the file's name, for messages
/// @param text what the file holds
record FileContext(
    String file, String text, Overrides overrides, Interpolation interpolation, KnownKeys known) {

  FileContext(String file, String text, Overrides overrides, KnownKeys known) {
    this(file, text, overrides, new Interpolation(overrides.environment()), known);
  }
}
