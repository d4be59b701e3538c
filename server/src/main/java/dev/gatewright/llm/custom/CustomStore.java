package dev.gatewright.llm.custom;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/// SQL of what organizations define for themselves. Each method is confined to one organization.
final class CustomStore {
  private static final String OWNED = " WHERE organization_id = :organization AND id = :id";

  private CustomStore() {}

  static void insert(Handle handle, CustomProvider made) {
    bound(
            handle.createUpdate(
                """
                INSERT INTO custom_provider (organization_id, id, dialect, base_url, headers,
                  header_names, models, endpoints, created_by, created_millis, version)
                VALUES (:organization, :id, :dialect, :baseUrl, :headers,
                  :headerNames, :models, :endpoints, :createdBy, :created, 1)\
                """),
            made)
        .bind("createdBy", made.createdBy())
        .bind("created", made.createdMillis())
        .execute();
  }

  /// Writes what may change of it; the version grows by one.
  static void update(Handle handle, CustomProvider now) {
    bound(
            handle.createUpdate(
                """
                UPDATE custom_provider SET dialect = :dialect, base_url = :baseUrl,
                  headers = :headers, header_names = :headerNames, models = :models,
                  endpoints = :endpoints, version = version + 1\
                """
                    + OWNED),
            now)
        .execute();
  }

  private static Update bound(Update update, CustomProvider provider) {
    return update
        .bind("organization", provider.organizationId())
        .bind("id", provider.id())
        .bind("dialect", provider.dialect())
        .bind("baseUrl", provider.baseUrl())
        .bind("headers", provider.headers())
        .bind("headerNames", String.join("\n", provider.headerNames()))
        .bind("models", String.join("\n", provider.models()))
        .bind("endpoints", String.join("\n", provider.endpoints()));
  }

  static boolean deleteProvider(Handle handle, String organizationId, String id) {
    return owned(handle.createUpdate("DELETE FROM custom_provider" + OWNED), organizationId, id);
  }

  static Optional<CustomProvider> provider(Handle handle, String organizationId, String id) {
    return providers(handle, organizationId).stream()
        .filter(each -> each.id().equals(id))
        .findFirst();
  }

  /// All, by their ids; there are [CustomProvider#PROVIDERS_MAX] at most.
  static List<CustomProvider> providers(Handle handle, String organizationId) {
    return handle
        .createQuery(
            """
            SELECT organization_id, id, dialect, base_url, headers, header_names, models,
              endpoints, created_by, created_millis, version
            FROM custom_provider WHERE organization_id = :organization ORDER BY id\
            """)
        .bind("organization", organizationId)
        .map((row, _) -> provider(row))
        .list();
  }

  private static CustomProvider provider(ResultSet row) throws SQLException {
    return new CustomProvider(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        lines(row.getString(6)),
        lines(row.getString(7)),
        lines(row.getString(8)),
        row.getString(9),
        row.getLong(10),
        row.getLong(11));
  }

  static void insert(Handle handle, CustomModel made) {
    handle
        .createUpdate(
            """
            INSERT INTO custom_model (organization_id, id, targets, created_by, created_millis,
              version)
            VALUES (:organization, :id, :targets, :createdBy, :created, 1)\
            """)
        .bind("organization", made.organizationId())
        .bind("id", made.id())
        .bind("targets", String.join("\n", made.targets()))
        .bind("createdBy", made.createdBy())
        .bind("created", made.createdMillis())
        .execute();
  }

  static void update(Handle handle, CustomModel now) {
    handle
        .createUpdate("UPDATE custom_model SET targets = :targets, version = version + 1" + OWNED)
        .bind("organization", now.organizationId())
        .bind("id", now.id())
        .bind("targets", String.join("\n", now.targets()))
        .execute();
  }

  static boolean deleteModel(Handle handle, String organizationId, String id) {
    return owned(handle.createUpdate("DELETE FROM custom_model" + OWNED), organizationId, id);
  }

  static Optional<CustomModel> model(Handle handle, String organizationId, String id) {
    return models(handle, organizationId).stream().filter(each -> each.id().equals(id)).findFirst();
  }

  /// All, by their ids; there are [CustomModel#MODELS_MAX] at most.
  static List<CustomModel> models(Handle handle, String organizationId) {
    return handle
        .createQuery(
            """
            SELECT organization_id, id, targets, created_by, created_millis, version
            FROM custom_model WHERE organization_id = :organization ORDER BY id\
            """)
        .bind("organization", organizationId)
        .map((row, _) ->
            new CustomModel(
                row.getString(1),
                row.getString(2),
                lines(row.getString(3)),
                row.getString(4),
                row.getLong(5),
                row.getLong(6)))
        .list();
  }

  private static boolean owned(Update update, String organizationId, String id) {
    return update.bind("organization", organizationId).bind("id", id).execute() == 1;
  }

  private static List<String> lines(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split("\n"));
  }
}
