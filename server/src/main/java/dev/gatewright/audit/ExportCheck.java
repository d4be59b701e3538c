package dev.gatewright.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Follows an export from line to line, with no server and no key: that its links are as they were
/// exported, none missing, none added, up to a trailer that is signed. Whether the signing key is
/// the gate's, anchors kept elsewhere say, or whoever compares it. For one thread.
public final class ExportCheck {
  private static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
  private static final String HASH = ",\"hash\":\"";

  /// `,"hash":"`, 43 characters, `"}`.
  private static final int HASH_CHARACTERS = 43;

  private final Map<Long, String> kept = new HashMap<>();
  private final List<AuditAnchor> anchors;
  private String chain = "";
  private String before = "";
  private long seq;
  private long to;
  private long count;
  private long unchecked;

  /// What a check found.
  public sealed interface Result {
    /// @param links how many there are
    /// @param unchecked of these, links of the forms before: only the server's key checks them
    /// @param publicKey that signed the trailer
    record Intact(
        String chain, long from, long to, long links, long unchecked, String head, String publicKey)
        implements Result {}

    /// @param line of the file, 1 = the first
    /// @param seq of the link at fault; 0 = none in particular
    record Broken(long line, long seq, String reason) implements Result {}
  }

  private static final class Fault extends Exception {
    private static final long serialVersionUID = 1L;

    final long seq;

    Fault(long seq, String reason) {
      super(reason, null, false, false);
      this.seq = seq;
    }
  }

  private ExportCheck(List<AuditAnchor> anchors) {
    this.anchors = anchors;
  }

  /// @param anchors kept elsewhere; those of other chains do not matter
  /// @throws IOException when the file cannot be read
  public static Result run(BufferedReader file, List<AuditAnchor> anchors) throws IOException {
    return new ExportCheck(anchors).follow(file);
  }

  private Result follow(BufferedReader file) throws IOException {
    long line = 1;
    try {
      long from = header(file.readLine());
      String text;
      while ((text = file.readLine()) != null) {
        line++;
        if (text.startsWith("{\"kind\":\"trailer\"")) {
          String publicKey = trailer(text);
          line++;
          if (file.readLine() != null) {
            throw new Fault(0, "something stands behind the trailer");
          }
          return new Result.Intact(chain, from, to, count, unchecked, before, publicKey);
        }
        link(text);
      }
      throw new Fault(seq + 1, "the file is cut off: it has no trailer");
    } catch (Fault fault) {
      return new Result.Broken(line, fault.seq, String.valueOf(fault.getMessage()));
    }
  }

  private long header(@Nullable String text) throws Fault {
    JsonNode header = json(text, 0);
    if (!header.path("kind").asText().equals("header")
        || !header.path("algorithm").asText().equals(AuditExport.ALGORITHM)
        || !header.path("previous_hash").isTextual()
        || !header.path("from").isIntegralNumber()
        || !header.path("to").isIntegralNumber()) {
      throw new Fault(0, "the first line is no header of an export");
    }
    chain = header.path("chain").asText();
    before = header.path("previous_hash").asText();
    long from = header.path("from").asLong();
    to = header.path("to").asLong();
    if (from < 1 || (from == 1 && !before.isEmpty())) {
      throw new Fault(0, "the header is not one of a chain's");
    }
    seq = from - 1;
    for (AuditAnchor anchor : anchors) {
      String id = anchor.organizationId();
      Long at = anchor.seq();
      String hash = anchor.hash();
      if (chain.equals(id) && at != null && hash != null && at >= from && at <= to) {
        kept.put(at, hash);
      }
    }
    return from;
  }

  private void link(String text) throws Fault {
    long wanted = seq + 1;
    JsonNode link = json(text, wanted);
    if (link.path("seq").asLong() != wanted) {
      throw new Fault(wanted, "link %d is missing".formatted(wanted));
    }
    if (!link.path("chain").asText().equals(chain)) {
      throw new Fault(wanted, "link %d is of another chain".formatted(wanted));
    }
    long form = link.path("v").asLong();
    if (form > AuditEntry.FORM) {
      throw new Fault(wanted, "link %d was written by a newer gatewright".formatted(wanted));
    }
    int split = text.length() - HASH.length() - HASH_CHARACTERS - 2;
    if (split < 0 || !text.startsWith(HASH, split)) {
      throw new Fault(wanted, "link %d has no hash at its end".formatted(wanted));
    }
    String hash = text.substring(split + HASH.length(), text.length() - 2);
    if (form < AuditEntry.FORM_PLAIN) {
      if (unchecked < count) {
        throw new Fault(wanted, "link %d is of a form that ended before it".formatted(wanted));
      }
      unchecked++;
    } else {
      byte[] covered = text.substring(0, split).getBytes(StandardCharsets.UTF_8);
      if (!EntryText.hash(before, covered).equals(hash)) {
        throw new Fault(wanted, "link %d is not as it was written".formatted(wanted));
      }
    }
    String anchored = kept.remove(wanted);
    if (anchored != null && !anchored.equals(hash)) {
      throw new Fault(
          wanted, "link %d is another than the one that was anchored".formatted(wanted));
    }
    before = hash;
    seq = wanted;
    count++;
  }

  private String trailer(String text) throws Fault {
    JsonNode trailer = json(text, 0);
    if (seq != to || trailer.path("count").asLong() != count) {
      throw new Fault(seq + 1, "link %d is missing".formatted(seq + 1));
    }
    if (!trailer.path("head").asText().equals(before)) {
      throw new Fault(seq, "the trailer names another head than the last link");
    }
    AuditAnchor anchor = anchor(trailer.path("anchor"));
    Long at = anchor.seq();
    String publicKey = anchor.publicKey();
    if (publicKey == null
        || at == null
        || at != to
        || !chain.equals(anchor.organizationId())
        || !before.equals(anchor.hash())
        || !anchor.signedByItsKey()) {
      throw new Fault(0, "the trailer is not signed");
    }
    for (AuditAnchor other : anchors) {
      boolean ofOurs = chain.equals(other.organizationId()) && other.publicKey() != null;
      if (ofOurs && (!other.signedByItsKey() || !publicKey.equals(other.publicKey()))) {
        throw new Fault(0, "the trailer is signed with another key than the anchors");
      }
    }
    return publicKey;
  }

  private static AuditAnchor anchor(JsonNode node) throws Fault {
    try {
      if (node.isObject()) {
        return JSON.treeToValue(node, AuditAnchor.class);
      }
    } catch (JsonProcessingException malformed) {
      // Said below.
    }
    throw new Fault(0, "the trailer has no anchor that can be read");
  }

  private static JsonNode json(@Nullable String text, long seq) throws Fault {
    try {
      JsonNode node = text == null ? null : JSON.readTree(text);
      if (node != null && node.isObject()) {
        return node;
      }
    } catch (JsonProcessingException malformed) {
      // Said below.
    }
    throw new Fault(seq, "the line is not JSON");
  }
}
