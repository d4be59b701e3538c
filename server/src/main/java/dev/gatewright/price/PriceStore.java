package dev.gatewright.price;

import dev.gatewright.price.book.EntryView;
import dev.gatewright.price.book.PriceVersion;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of prices. They are the platform's: no tenant has any.
final class PriceStore {
  private static final String ALL =
      "SELECT id, version, origin, form, created_millis, created_by FROM price_version";

  private PriceStore() {}

  /// Keeps a version; one that is there already stays as it is.
  static void insert(Handle handle, PriceVersion made) {
    handle
        .createUpdate(
            """
            INSERT INTO price_version (id, version, origin, model, form, created_millis, created_by)
            VALUES (:id, (SELECT COALESCE(MAX(version), 0) + 1 FROM price_version
              WHERE model = :model), :origin, :model, :form, :created, :by)
            ON CONFLICT (id) DO NOTHING\
            """)
        .bind("id", made.id())
        .bind("origin", made.origin().word())
        .bind("model", made.entry().model())
        .bind("form", made.form())
        .bind("created", made.createdMillis())
        .bind("by", made.createdBy() == null ? "" : made.createdBy())
        .execute();
  }

  static List<PriceVersion> all(Handle handle) {
    return handle
        .createQuery(ALL + " ORDER BY model, created_millis, version, id")
        .map((row, _) -> version(row))
        .list();
  }

  static Optional<PriceVersion> find(Handle handle, String id) {
    return handle
        .createQuery(ALL + " WHERE id = :id")
        .bind("id", id)
        .map((row, _) -> version(row))
        .findOne();
  }

  /// The versions an edition of the catalogue brought; none = nobody has read it yet.
  static List<String> edition(Handle handle, String edition) {
    return handle
        .createQuery("SELECT price_id FROM price_catalogue WHERE edition = :edition")
        .bind("edition", edition)
        .mapTo(String.class)
        .list();
  }

  static void insertEdition(Handle handle, String edition, String id) {
    handle
        .createUpdate(
            """
            INSERT INTO price_catalogue (edition, price_id) VALUES (:edition, :id)
            ON CONFLICT (edition, price_id) DO NOTHING\
            """)
        .bind("edition", edition)
        .bind("id", id)
        .execute();
  }

  private static PriceVersion version(java.sql.ResultSet row) throws java.sql.SQLException {
    String form = row.getString(4);
    String by = row.getString(6);
    return new PriceVersion(
        row.getString(1),
        row.getLong(2),
        PriceVersion.Origin.of(row.getString(3)),
        EntryView.read(form),
        form,
        row.getLong(5),
        by.isEmpty() ? null : by);
  }
}
