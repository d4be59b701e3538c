package dev.gatewright.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Test vectors of Project Wycheproof, as `wycheproof/NOTICE.md` in the resources says.
public final class Wycheproof {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// @param key a JWK
  /// @param result `valid`, `invalid` or `acceptable`
  /// @param first the message in hexadecimal digits, or what the test is about
  /// @param second the signature in hexadecimal digits, or the whole text
  public record Vector(
      String algorithm, JsonNode key, int number, String result, String first, String second) {
    public byte[] message() {
      return HexFormat.of().parseHex(first);
    }

    public byte[] signature() {
      return HexFormat.of().parseHex(second);
    }
  }

  private Wycheproof() {}

  /// @param name of a file, without `.json`
  public static List<Vector> read(String name) throws IOException {
    try (InputStream in = Wycheproof.class.getResourceAsStream("/wycheproof/" + name + ".json")) {
      JsonNode file = JSON.readTree(in);
      String algorithm = file.path("algorithm").asText();
      List<Vector> all = new ArrayList<>();
      for (JsonNode group : file.path("groups")) {
        for (JsonNode test : group.path("tests")) {
          all.add(
              new Vector(
                  algorithm,
                  group.path("key"),
                  test.path(0).asInt(),
                  test.path(1).asText(),
                  test.path(2).asText(),
                  test.path(3).asText()));
        }
      }
      return all;
    }
  }
}
