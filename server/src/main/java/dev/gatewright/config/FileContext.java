package dev.gatewright.config;

/// What every mapping of one configuration shares.
///
/// @param file the file's name, for messages
record FileContext(String file, Overrides overrides, Interpolation interpolation, KnownKeys known) {

  FileContext(String file, Overrides overrides, KnownKeys known) {
    this(file, overrides, new Interpolation(overrides.environment()), known);
  }
}
