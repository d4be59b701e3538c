package dev.gatewright.credential.change;

import dev.gatewright.credential.Credential;
import dev.gatewright.credential.CredentialKind;
import dev.gatewright.rest.ETag;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A credential as REST shows it, never with its secret; the schema `Credential` in
/// `openapi/credential.yaml`.
final class CredentialView {
  private CredentialView() {}

  /// Whether it can be used.
  enum State {
    ACTIVE,
    /// Its provider stands elsewhere than where it was stored for.
    MOVED,
    /// There is no such provider any more.
    ORPHANED;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  static Map<String, Object> of(Credential credential, State state) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", credential.id());
    fields.put("name", credential.name());
    fields.put("kind", credential.kind().word());
    fields.put("provider", credential.provider());
    put(fields, "project_id", credential.projectId());
    fields.put("state", state.word());
    fields.put("last4", credential.last4());
    fields.put("fingerprint", credential.fingerprint());
    // Where a service's instances stand is nothing its callers need to know.
    put(fields, "origin", credential.kind() == CredentialKind.SERVICE ? null : credential.origin());
    fields.put("created_by", credential.createdBy());
    fields.put("created_at", Instant.ofEpochMilli(credential.createdMillis()).toString());
    fields.put("secret_set_at", Instant.ofEpochMilli(credential.secretMillis()).toString());
    return fields;
  }

  /// Names its state: what `If-Match` is held against.
  static String tag(Credential credential) {
    return ETag.of(credential.id(), credential.version());
  }

  @SuppressWarnings("NullAway") // a JSON null
  private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
    fields.put(name, value);
  }
}
