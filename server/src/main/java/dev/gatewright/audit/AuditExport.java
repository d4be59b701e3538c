package dev.gatewright.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.store.Database;
import dev.gatewright.store.StoreFailed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// A part of a chain as lines of JSON, read page by page while it is sent: a header, its links, a
/// trailer. [ExportCheck] follows it without the server. For one thread.
///
/// Without a trailer it is cut off: what fails on the way ends the stream by an exception.
final class AuditExport extends InputStream {
  static final String ALGORITHM = "sha-256";
  private static final int PAGE_ROWS = 500;

  private final AuditLog audit;
  private final Database database;
  private final Range range;
  private final Deque<byte[]> lines = new ArrayDeque<>();
  private int offset;
  private long seq;
  private String hash;
  private long count;
  private boolean ended;

  /// @param from its first link
  /// @param to its last one; less than `from` = it has none
  /// @param before the hash of the link before the first; empty for a chain's first
  record Range(String organizationId, long from, long to, String before) {}

  AuditExport(AuditLog audit, Database database, Range range, String at) {
    this.audit = audit;
    this.database = database;
    this.range = range;
    this.seq = range.from - 1;
    this.hash = range.before;
    ObjectNode header =
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "header")
            .put("chain", range.organizationId)
            .put("from", range.from)
            .put("to", range.to)
            .put("previous_hash", range.before)
            .put("algorithm", ALGORITHM)
            .put("exported_at", at);
    lines.add(header.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int at, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int read = 0;
    while (read < length) {
      if (lines.isEmpty()) {
        more();
      }
      byte[] line = lines.peek();
      if (line == null) {
        return read == 0 ? -1 : read;
      }
      int take = Math.min(length - read, line.length - offset);
      System.arraycopy(line, offset, into, at + read, take);
      offset += take;
      read += take;
      if (offset == line.length && read < length) {
        into[at + read++] = '\n';
        lines.remove();
        offset = 0;
      }
    }
    return read;
  }

  private void more() throws IOException {
    if (ended) {
      return;
    }
    if (seq >= range.to) {
      ended = true;
      lines.add(trailer().toString().getBytes(StandardCharsets.UTF_8));
      return;
    }
    List<AuditEntry> page;
    try {
      page =
          database.read(
              handle -> AuditStore.after(handle, range.organizationId, seq, range.to, PAGE_ROWS));
    } catch (StoreFailed away) {
      throw new IOException("the store does not answer", away);
    }
    if (page.isEmpty()) {
      throw new IOException("links after %d are missing".formatted(seq));
    }
    for (AuditEntry entry : page) {
      lines.add(EntryText.line(entry));
      count++;
    }
    seq = page.getLast().seq();
    hash = page.getLast().hash();
  }

  private ObjectNode trailer() {
    ObjectNode trailer =
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "trailer")
            .put("count", count)
            .put("head", hash);
    return trailer.set(
        "anchor", audit.anchor(range.organizationId, new AuditStore.Head(seq, hash)).toJson());
  }
}
