package dev.gatewright.ledger.purse;

import java.util.List;
import org.jdbi.v3.core.Handle;

/// SQL of lots: what a wallet was given, used up in order: soonest to expire first, credit nobody
/// paid for before paid, the older before the newer.
public final class LotStore {
  private LotStore() {}

  /// @param expiresMillis 0 = never
  public record Lot(
      String id,
      String organizationId,
      String wallet,
      String kind,
      long amount,
      long used,
      long expiresMillis,
      long atMillis) {
    public long rest() {
      return amount - used;
    }
  }

  public static void insert(Handle handle, Lot lot, String ref) {
    handle.execute(
        """
        INSERT INTO lot (id, organization_id, wallet, kind, amount, used, expires_millis, at_millis,
          ref)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """,
        lot.id(),
        lot.organizationId(),
        lot.wallet(),
        lot.kind(),
        lot.amount(),
        lot.used(),
        lot.expiresMillis(),
        lot.atMillis(),
        ref);
  }

  /// Uses up so much of a wallet's lots; its account's lock is held.
  public static void use(Handle handle, String wallet, long nano) {
    long left = nano;
    while (left > 0) {
      // Few at a time: a wallet may have many, and a step uses up one or two.
      List<Lot> open = open(handle, wallet, 8);
      if (open.isEmpty()) {
        throw new IllegalStateException(
            "%s: %d nano-USD used that nobody gave it".formatted(wallet, left));
      }
      for (Lot lot : open) {
        long used = Math.min(left, lot.rest());
        if (used > 0) {
          use(handle, lot, used);
          left -= used;
        }
      }
    }
  }

  /// Uses up so much of what a wallet was given for money; its account's lock is held.
  ///
  /// @return what was not there
  public static long usePaid(Handle handle, String wallet, long nano) {
    long left = nano;
    while (left > 0) {
      List<Lot> open = select(handle, wallet, "paid", 8);
      if (open.isEmpty()) {
        return left;
      }
      for (Lot lot : open) {
        long used = Math.min(left, lot.rest());
        if (used > 0) {
          use(handle, lot, used);
          left -= used;
        }
      }
    }
    return 0;
  }

  public static void use(Handle handle, Lot lot, long nano) {
    handle.execute("UPDATE lot SET used = used + ? WHERE id = ?", nano, lot.id());
  }

  /// Lots with something left, in the order in which they are used.
  public static List<Lot> open(Handle handle, String wallet, int max) {
    return select(handle, wallet, "", max);
  }

  /// @param kind empty = any
  private static List<Lot> select(Handle handle, String wallet, String kind, int max) {
    return handle
        .createQuery(
            """
            SELECT id, organization_id, wallet, kind, amount, used, expires_millis, at_millis
            FROM lot WHERE wallet = ? AND used < amount AND (? = '' OR kind = ?)
            ORDER BY CASE WHEN expires_millis = 0 THEN 1 ELSE 0 END, expires_millis,
              CASE WHEN kind = 'promotional' THEN 0 ELSE 1 END, at_millis, id
            LIMIT ?\
            """)
        .bind(0, wallet)
        .bind(1, kind)
        .bind(2, kind)
        .bind(3, max)
        .map((row, _) ->
            new Lot(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8)))
        .list();
  }
}
