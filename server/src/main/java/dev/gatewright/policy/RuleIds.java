package dev.gatewright.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Names of rules. A row of the table has an id of its own; a key's rule stands in the key's row
/// and is named by the key and by what it says, so that nothing has to be kept to find it again.
/// Pure.
public final class RuleIds {
  private static final String OF_KEY = "rule_k_";
  private static final String KEY = "key_";
  private static final int SAID_CHARACTERS = 16;

  private RuleIds() {}

  /// @param subjectId the rule's owner
  public static String of(Layer layer, String subjectId, Rule rule) {
    return layer == Layer.KEY ? ofKey(subjectId, rule) : rule.id();
  }

  private static String ofKey(String keyId, Rule rule) {
    String key = keyId.startsWith(KEY) ? keyId.substring(KEY.length()) : keyId;
    return OF_KEY + key + "_" + said(rule);
  }

  /// The key a rule's id says it stands in; null for one that stands in the table.
  public static @Nullable String keyIn(String ruleId) {
    int end = ruleId.length() - SAID_CHARACTERS - 1;
    boolean ofKey = ruleId.startsWith(OF_KEY) && end > OF_KEY.length() && ruleId.charAt(end) == '_';
    return ofKey ? KEY + ruleId.substring(OF_KEY.length(), end) : null;
  }

  private static String said(Rule rule) {
    StringBuilder text = new StringBuilder();
    text.append(rule.effect().word()).append('\n').append(rule.type().word()).append('\n');
    text.append(rule.name());
    rule.values().forEach(value -> text.append('\n').append(value));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, SAID_CHARACTERS / 2);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("SHA-256 is part of every JDK", missing);
    }
  }
}
