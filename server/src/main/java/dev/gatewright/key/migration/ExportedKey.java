package dev.gatewright.key.migration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.account.Tenant;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFormat;
import dev.gatewright.key.LocalAdmin;
import dev.gatewright.key.NewKey;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.change.KeyRequest;
import dev.gatewright.policy.RuleText;
import dev.gatewright.policy.RulesCodec;
import dev.gatewright.rest.Json;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A key as `GET /api/keys/export` gives it and as `POST /api/keys/import` takes it back: its
/// record and the codes of its secrets, which are worth something only under the same master key.
///
/// @param line where it stands in the file, from 1; null in an export
record ExportedKey(
    @Nullable Integer line,
    @Nullable String id,
    @Nullable String kind,
    @Nullable String name,
    @Nullable String user,
    @Nullable Boolean enabled,
    @Nullable String createdBy,
    @Nullable String createdAt,
    @Nullable String notBefore,
    @Nullable String expiresAt,
    @Nullable String revokedAt,
    @Nullable List<@Nullable RuleText> rules,
    @Nullable List<@Nullable String> manages,
    @Nullable String source,
    @Nullable Boolean weak,
    @Nullable List<@Nullable String> tags,
    @Nullable String owner,
    @Nullable List<@Nullable String> origins,
    @Nullable JsonNode metadata,
    @Nullable List<@Nullable ExportedSecret> secrets) {
  private static final Pattern ID = Pattern.compile("key_[0-9A-Za-z]{10}");
  private static final Pattern ACTOR = Pattern.compile("[0-9A-Za-z_]{1,40}");
  private static final Pattern MAC = Pattern.compile("[0-9A-Za-z_-]{43}");
  private static final int SECRETS_MAX = 8;

  record ExportedSecret(
      @Nullable Long ordinal,
      @Nullable String algorithm,
      @Nullable String pepperId,
      @Nullable String mac,
      @Nullable String graceUntil) {}

  /// A key's fields, as the export shows them.
  static Map<String, Object> of(StoredKey stored) {
    ApiKey key = stored.key();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", key.id());
    fields.put("kind", KeyFormat.word(key.kind()));
    fields.put("name", key.name());
    fields.put("user", key.user());
    fields.put("enabled", key.enabled());
    fields.put("created_by", key.createdBy());
    put(fields, "created_at", key.createdMillis());
    put(fields, "not_before", key.notBeforeMillis() == 0 ? null : key.notBeforeMillis());
    put(fields, "expires_at", key.expiresMillis());
    put(fields, "revoked_at", key.revokedMillis());
    fields.put("rules", RulesCodec.toJson(key.rules()));
    fields.put("manages", key.manages());
    fields.put("source", key.origin().word());
    fields.put("weak", key.weak());
    fields.put("tags", key.tags());
    String owner = key.owner();
    if (owner != null) {
      fields.put("owner", owner);
    }
    fields.put("origins", key.power().origins());
    fields.put("metadata", Json.tree(key.notes().metadata().getBytes(StandardCharsets.UTF_8)));
    fields.put("secrets", stored.secrets().stream().map(ExportedKey::of).toList());
    return fields;
  }

  private static Map<String, Object> of(StoredKey.StoredSecret secret) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("ordinal", secret.ordinal());
    fields.put("algorithm", secret.algorithm().word());
    fields.put("pepper_id", secret.pepperId());
    fields.put("mac", secret.mac());
    put(fields, "grace_until", secret.graceUntilMillis());
    return fields;
  }

  /// Absent rather than null, so that an export stays short.
  private static void put(Map<String, Object> fields, String name, @Nullable Long millis) {
    if (millis != null) {
      fields.put(name, Instant.ofEpochMilli(millis).toString());
    }
  }

  ImportedKey.Checked checked(Tenant tenant, String pepperId, Instant now) {
    if (id == null || !ID.matcher(id).matches()) {
      return new ImportedKey.Checked.Wrong("id: expected: key_ and ten characters");
    }
    if (createdBy != null && !ACTOR.matcher(createdBy).matches()) {
      return new ImportedKey.Checked.Wrong("created_by: expected: a key's id");
    }
    if (source != null && !source.equals("own") && !source.equals("imported")) {
      return new ImportedKey.Checked.Wrong("source: expected: own or imported");
    }
    KeyRequest request =
        KeyRequest.imported(name, kind, null, rules, manages, user, tags)
            .with(owner, origins, metadata);
    return switch (request.checked(tenant, now)) {
      case KeyRequest.Checked.Wrong wrong ->
          new ImportedKey.Checked.Wrong(wrong.pointer().substring(1) + ": " + wrong.message());
      case KeyRequest.Checked.Good good -> good(id, good.key(), pepperId, now);
    };
  }

  private ImportedKey.Checked good(String ownId, NewKey wanted, String pepperId, Instant now) {
    try {
      List<StoredKey.StoredSecret> stored = new ArrayList<>();
      List<@Nullable ExportedSecret> given = secrets == null ? List.of() : secrets;
      if (given.isEmpty() || given.size() > SECRETS_MAX) {
        return new ImportedKey.Checked.Wrong("secrets: expected: one or two");
      }
      for (ExportedSecret secret : given) {
        StoredKey.StoredSecret read = secret == null ? null : read(secret);
        if (read == null || stored.stream().anyMatch(s -> s.ordinal() == read.ordinal())) {
          return new ImportedKey.Checked.Wrong("secrets: not as `export keys` writes them");
        }
        if (!read.pepperId().equals(pepperId)) {
          return new ImportedKey.Checked.Wrong(
              "made under another master key (its pepper is not %s): its codes are worth nothing"
                      .formatted(pepperId)
                  + " here");
        }
        stored.add(read);
      }
      return new ImportedKey.Checked.Good(
          new StoredKey(key(ownId, wanted, now), stored, null), List.of());
    } catch (DateTimeException wrong) {
      return new ImportedKey.Checked.Wrong("a time: expected: such as 2027-01-31T12:00:00Z");
    }
  }

  private ApiKey key(String ownId, NewKey wanted, Instant now) {
    Long created = millis(createdAt);
    Long begins = millis(notBefore);
    return new ApiKey(
        ownId,
        wanted.tenant(),
        wanted.kind(),
        wanted.name(),
        !Boolean.FALSE.equals(enabled),
        createdBy == null ? LocalAdmin.ACTOR : createdBy,
        created == null ? now.toEpochMilli() : created,
        begins == null ? 0 : begins,
        millis(expiresAt),
        millis(revokedAt),
        wanted.power(),
        wanted.notes(),
        ApiKey.Origin.of(source == null ? "own" : source),
        Boolean.TRUE.equals(weak));
  }

  private static StoredKey.@Nullable StoredSecret read(ExportedSecret secret) {
    StoredKey.Algorithm algorithm =
        secret.algorithm() == null ? null : StoredKey.Algorithm.of(secret.algorithm());
    if (algorithm == null
        || secret.ordinal() == null
        || secret.pepperId() == null
        || secret.mac() == null
        || !MAC.matcher(secret.mac()).matches()) {
      return null;
    }
    return new StoredKey.StoredSecret(
        secret.ordinal(), algorithm, secret.pepperId(), secret.mac(), millis(secret.graceUntil()));
  }

  private static @Nullable Long millis(@Nullable String time) {
    return time == null ? null : (Long) Instant.parse(time).toEpochMilli();
  }
}
