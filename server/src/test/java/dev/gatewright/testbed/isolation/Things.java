package dev.gatewright.testbed.isolation;

import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFormat;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/// What the tenant under attack has: an id of each kind, by the kind's word.
record Things(Map<String, String> ids) {
  /// Stands in every name that the tenant gave to something.
  static final String CANARY = "canary7f3a";

  private static final String ALPHABET = "0123456789abcdef";

  Things {
    ids = Map.copyOf(ids);
  }

  String id(String kind) {
    String id = ids.get(kind);
    if (id == null) {
      throw new AssertionError(
          "the attacked tenant has no " + kind + " (expected: one to ask for)");
    }
    return id;
  }

  /// The kind under which the cursor of a list stands; of any list where this one had one page.
  String cursorOf(String list) {
    return ids.containsKey(cursorKind(list)) ? cursorKind(list) : "cursor";
  }

  static String cursorKind(String list) {
    return "cursor" + list.replaceAll("[^a-z]+", "_");
  }

  /// Ids of the same forms that nobody has.
  Things strangers(Random random) {
    Map<String, String> other = new LinkedHashMap<>();
    ids.forEach((kind, id) -> {
      StringBuilder text = new StringBuilder(id);
      for (int i = Math.max(4, id.length() - 6); i < id.length(); i++) {
        text.setCharAt(i, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      other.put(kind, kind.equals("secret") ? unknownKey() : text.toString());
    });
    return new Things(other);
  }

  /// Well-formed, and nobody's.
  private static String unknownKey() {
    SecureRandom random = new SecureRandom();
    return KeyFormat.newText(ApiKey.Kind.LIVE, KeyFormat.newId(random), random).expose();
  }

  /// `<kind>` in a text replaced by the id.
  String in(String text) {
    String filled = text;
    for (Map.Entry<String, String> each : ids.entrySet()) {
      filled = filled.replace("<" + each.getKey() + ">", each.getValue());
    }
    if (filled.matches("(?s).*<[a-z_]+>.*")) {
      throw new AssertionError(filled + ": names a kind of thing that there is none of");
    }
    return filled;
  }

  /// Whether an answer tells something of the tenant's.
  boolean standIn(String answer) {
    return answer.contains(CANARY)
        || ids.values().stream().anyMatch(id -> id.length() >= 12 && answer.contains(id));
  }

  /// The same text whatever the ids in it.
  String without(String answer) {
    // What names the asker's own: the request, and an export it has just made.
    String plain =
        answer
            .replaceAll("\"(request_id|created_at|expires_at)\":\"[^\"]*\"", "")
            .replaceAll("exp_[0-9a-f]+", "exp");
    for (String id : ids.values()) {
      plain = plain.replace(id, "…");
    }
    return plain;
  }
}
