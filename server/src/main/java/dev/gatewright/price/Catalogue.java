package dev.gatewright.price;

import dev.gatewright.price.book.PriceEntry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The prices that come with the program: only such as somebody has read at the provider or in a
/// catalogue that says when it did.
public final class Catalogue {
  private static final List<String> FILES = List.of("openai", "anthropic");

  /// Goes up when what is made of a file changes: then it is read again.
  private static final byte READER = 1;

  private Catalogue() {}

  public static List<PriceEntry> read() {
    List<PriceEntry> all = new ArrayList<>();
    for (String name : FILES) {
      try {
        all.addAll(PriceFile.read(new ByteArrayInputStream(file(name))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return all;
  }

  /// Names this edition of the files, so that a start need not read what an earlier one has read:
  /// the YAML takes longer than the rest of the prices together.
  static String edition() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(READER);
      for (String name : FILES) {
        digest.update(file(name));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] file(String name) throws IOException {
    try (InputStream in = Catalogue.class.getResourceAsStream("/catalogue/" + name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("catalogue: no " + name);
      }
      return in.readAllBytes();
    }
  }
}
