package dev.gatewright.price;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// The prices that come with the program: only such as somebody has read at the provider or in a
/// catalogue that says when it did.
final class Catalogue {
  private static final List<String> FILES = List.of("openai", "anthropic");

  private Catalogue() {}

  static List<PriceEntry> read() {
    List<PriceEntry> all = new ArrayList<>();
    for (String name : FILES) {
      try (InputStream in = Catalogue.class.getResourceAsStream("/catalogue/" + name + ".yaml")) {
        if (in == null) {
          throw new IllegalStateException("catalogue: no " + name);
        }
        all.addAll(PriceFile.read(in));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return all;
  }
}
