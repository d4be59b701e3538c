package dev.gatewright.key.migration;

import dev.gatewright.account.Tenant;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.ForeignFormat;
import dev.gatewright.key.KeyNotes;
import dev.gatewright.key.KeyPepper;
import dev.gatewright.key.KeyPower;
import dev.gatewright.key.NewKey;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.change.KeyRequest;
import dev.gatewright.key.migration.file.ImportRow;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a row of another gate's keys becomes. Pure.
final class ImportedKey {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");

  private final Tenant tenant;
  private final ApiKey.Origin origin;
  private final String actor;
  private final KeyPepper pepper;

  /// @param origin `IMPORTED` or `FILE`
  ImportedKey(Tenant tenant, ApiKey.Origin origin, String actor, KeyPepper pepper) {
    this.tenant = tenant;
    this.origin = origin;
    this.actor = actor;
    this.pepper = pepper;
  }

  /// What came of a row.
  sealed interface Checked {
    /// @param weak why it can be guessed more easily than one of ours; empty = it cannot
    record Good(StoredKey key, List<String> weak) implements Checked {}

    /// @param reason never repeats the key
    record Wrong(String reason) implements Checked {}
  }

  Checked of(ImportRow row, Instant now) {
    String text = row.key();
    String sha256 = row.sha256();
    if ((text == null) == (sha256 == null)) {
      return new Checked.Wrong("expected: one of key and sha256");
    }
    String fault =
        text != null
            ? ForeignFormat.fault(text)
            : SHA256.matcher(String.valueOf(sha256)).matches()
                ? null
                : "sha256: expected: 64 hexadecimal digits";
    if (fault != null) {
      return new Checked.Wrong(fault);
    }
    return switch (request(row).checked(tenant, now)) {
      case KeyRequest.Checked.Wrong wrong ->
          new Checked.Wrong(wrong.pointer().substring(1) + ": " + wrong.message());
      case KeyRequest.Checked.Good good -> good(row, good.key(), now);
    };
  }

  private Checked good(ImportRow row, NewKey wanted, Instant now) {
    try {
      Long created = millis(row.createdAt());
      long createdMillis =
          Math.min(created == null ? now.toEpochMilli() : created, now.toEpochMilli());
      Long begins = millis(row.notBefore());
      String text = row.key();
      byte[] ascii = text == null ? null : ForeignFormat.bytes(text);
      byte[] sha256 =
          ascii == null
              ? HexFormat.of().parseHex(String.valueOf(row.sha256()))
              : ForeignFormat.sha256(ascii);
      List<String> weak = text == null ? List.of("hashed") : ForeignFormat.weaknesses(text);
      ApiKey key =
          new ApiKey(
              pepper.foreignId(sha256),
              tenant,
              ApiKey.Kind.LIVE,
              wanted.name(),
              !Boolean.FALSE.equals(row.enabled()),
              actor,
              createdMillis,
              begins == null ? 0 : Math.max(0, begins),
              millis(row.expiresAt()),
              null,
              KeyPower.of(wanted.power().rules()),
              KeyNotes.of(wanted.notes().user(), List.of()),
              origin,
              !weak.isEmpty());
      return new Checked.Good(new StoredKey(key, List.of(secret(ascii, sha256)), null), weak);
    } catch (DateTimeException wrong) {
      return new Checked.Wrong(
          "created_at, not_before or expires_at: expected: such as 2027-01-31T12:00:00Z");
    }
  }

  private StoredKey.StoredSecret secret(byte @Nullable [] ascii, byte[] sha256) {
    return ascii != null
        ? new StoredKey.StoredSecret(1, pepper.id(), pepper.stored(ascii), null)
        : new StoredKey.StoredSecret(
            1,
            StoredKey.Algorithm.SHA256,
            pepper.id(),
            Base64.getUrlEncoder().withoutPadding().encodeToString(sha256),
            null);
  }

  /// Through the very checks of a new key's request, so that no rule gets in by another door.
  private static KeyRequest request(ImportRow row) {
    List<@Nullable String> services = row.services();
    String name = line(row.name(), NewKey.NAME_CHARACTERS_MAX);
    return KeyRequest.imported(
        name.isEmpty() ? "imported key" : name,
        null,
        services == null || services.isEmpty() ? null : services,
        row.rules(),
        null,
        line(row.user(), NewKey.USER_CHARACTERS_MAX),
        null);
  }

  /// A label of another gate, cut to what ours may be: no reason to refuse a key.
  private static String line(@Nullable String text, int charactersMax) {
    String line = text == null ? "" : text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= charactersMax ? line : line.substring(0, charactersMax).strip();
  }

  private static @Nullable Long millis(@Nullable String time) {
    return time == null ? null : (Long) Instant.parse(time).toEpochMilli();
  }
}
