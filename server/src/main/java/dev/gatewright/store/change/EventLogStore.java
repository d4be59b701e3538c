package dev.gatewright.store.change;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL of what happened in each organization that the audit chain does not tell, in an order that
/// every reader sees alike: whoever appends holds the organization's head until the commit, so an
/// entry never appears before one with a smaller number. Only the newest are kept: for who reads
/// along, not for who looks back.
public final class EventLogStore {
  /// Entries of an organization that stay.
  public static final long KEPT_ENTRIES = 10_000;

  /// A row of PostgreSQL or SQLite bears far more; a reader takes them one after the other.
  private static final int BATCH_ENTRIES_MAX = 512;

  private static final String SEPARATOR = " ";
  private static final String NONE = "-";

  private EventLogStore() {}

  /// Something that happened.
  ///
  /// @param objectId what it happened to; ids have no spaces
  /// @param action a word
  /// @param projectId whose it is; null = the organization's
  /// @param requestId null = none is known
  public record Entry(
      String objectId,
      String action,
      @Nullable String projectId,
      @Nullable String requestId,
      long atMillis) {
    private void line(StringBuilder to) {
      to.append(objectId).append(SEPARATOR).append(action).append(SEPARATOR);
      to.append(text(projectId)).append(SEPARATOR).append(text(requestId)).append(SEPARATOR);
      to.append(atMillis);
    }

    private static String text(@Nullable String value) {
      return value == null ? NONE : value;
    }

    private static @Nullable String value(String text) {
      return text.equals(NONE) ? null : text;
    }

    private static Entry of(String line) {
      String[] parts = line.split(SEPARATOR, -1);
      return new Entry(
          parts[0], parts[1], value(parts[2]), value(parts[3]), Long.parseLong(parts[4]));
    }
  }

  /// An entry and its number within its organization.
  public record Numbered(long seq, String type, Entry entry) {}

  /// Appends inside the transaction of what happened. Who appends for several organizations does so
  /// in the order of their ids, so that two never wait for each other.
  public static void append(
      Handle handle, String organizationId, String type, List<Entry> entries) {
    for (int from = 0; from < entries.size(); from += BATCH_ENTRIES_MAX) {
      int to = Math.min(entries.size(), from + BATCH_ENTRIES_MAX);
      batch(handle, organizationId, type, entries.subList(from, to));
    }
  }

  private static void batch(
      Handle handle, String organizationId, String type, List<Entry> entries) {
    long seq =
        handle
            .createQuery(
                """
                INSERT INTO event_head (organization_id, seq) VALUES (:organizationId, :count)
                ON CONFLICT (organization_id) DO UPDATE SET seq = event_head.seq + excluded.seq
                RETURNING seq\
                """)
            .bind("organizationId", organizationId)
            .bind("count", entries.size())
            .mapTo(Long.class)
            .one();
    handle
        .createUpdate(
            """
            INSERT INTO event_batch (organization_id, seq, type, entries)
            VALUES (:organizationId, :seq, :type, :entries)\
            """)
        .bind("organizationId", organizationId)
        .bind("seq", seq)
        .bind("type", type)
        .bind("entries", lines(entries))
        .execute();
    handle
        .createUpdate(
            """
            DELETE FROM event_batch
            WHERE organization_id = :organizationId AND seq <= :upTo\
            """)
        .bind("organizationId", organizationId)
        .bind("upTo", seq - KEPT_ENTRIES)
        .execute();
  }

  private static String lines(List<Entry> entries) {
    StringBuilder lines = new StringBuilder(128 * entries.size());
    for (Entry entry : entries) {
      if (!lines.isEmpty()) {
        lines.append('\n');
      }
      entry.line(lines);
    }
    return lines.toString();
  }

  /// Entries numbered after `seq` and up to `until`, in order; of some batches at a time.
  ///
  /// @return empty when there are none (any more)
  public static List<Numbered> after(
      Handle handle, String organizationId, long seq, long until, int batchesMax) {
    List<Numbered> all = new ArrayList<>();
    handle
        .createQuery(
            """
            SELECT seq, type, entries FROM event_batch
            WHERE organization_id = :organizationId AND seq > :seq AND seq <= :until
            ORDER BY seq LIMIT :max\
            """)
        .bind("organizationId", organizationId)
        .bind("seq", seq)
        .bind("until", until)
        .bind("max", batchesMax)
        .map((row, _) -> numbered(row.getLong(1), row.getString(2), row.getString(3)))
        .forEach(all::addAll);
    all.removeIf(each -> each.seq <= seq);
    return all;
  }

  private static List<Numbered> numbered(long last, String type, String entries) {
    String[] lines = entries.split("\n", -1);
    List<Numbered> all = new ArrayList<>(lines.length);
    for (int i = 0; i < lines.length; i++) {
      all.add(new Numbered(last - lines.length + 1 + i, type, Entry.of(lines[i])));
    }
    return all;
  }
}
