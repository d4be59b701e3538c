package dev.gatewright.key.migration.file;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a field of another gate's record says, in every spelling it is known by. A field that is in
/// none of these lists refuses its row: it might narrow the key, or end it.
///
/// Spellings are folded: `isActive`, `is_active` and `IS-ACTIVE` are one.
enum FieldMeaning {
  /// Its own text, or its hash; read by the format.
  KEY("key", "token", "apikey", "sha256", "tokenhash", "maskedtoken", "keytype"),
  NAME("description", "name", "label", "title"),
  USER("user", "username", "owner", "creator", "createdby", "email"),
  CREATED("created", "createdat", "creationdate"),
  EXPIRES(
      "expires",
      "expiresat",
      "expiry",
      "expirydate",
      "expireat",
      "expiration",
      "expirationdate",
      "expireson",
      "exp",
      "validuntil",
      "notafter",
      "enddate"),
  BEGINS("notbefore", "nbf", "validfrom", "activefrom", "startsat", "startdate"),
  /// False says it is off.
  ON("enabled", "active", "isactive", "isenabled", "valid", "isvalid"),
  /// True says it is off.
  OFF(
      "disabled",
      "isdisabled",
      "inactive",
      "isinactive",
      "revoked",
      "isrevoked",
      "blocked",
      "isblocked",
      "suspended",
      "issuspended",
      "banned",
      "paused",
      "locked",
      "archived",
      "deleted",
      "isdeleted",
      "expired",
      "isexpired",
      "compromised"),
  /// A time says it is off.
  OFF_SINCE(
      "disabledat", "revokedat", "blockedat", "suspendedat", "archivedat", "deletedat", "bannedat"),
  STATUS("status", "state"),
  SERVICES("service", "services", "allowedservices", "serviceids"),
  DENIED_SERVICES("deniedservices", "blockedservices", "denyservices"),
  MODELS("models", "model", "allowedmodels", "allowmodels", "modelallowlist", "modelwhitelist"),
  DENIED_MODELS("deniedmodels", "blockedmodels", "denymodels", "modelblacklist", "modeldenylist"),
  PROVIDERS("providers", "provider", "allowedproviders", "allowproviders"),
  DENIED_PROVIDERS("deniedproviders", "blockedproviders", "denyproviders"),
  IPS(
      "ip",
      "ips",
      "allowedip",
      "allowedips",
      "allowips",
      "ipwhitelist",
      "ipallowlist",
      "whitelistedips",
      "allowedcidrs",
      "ipcidrs",
      "cidrs",
      "allowednetworks"),
  DENIED_IPS("deniedips", "blockedips", "denyips", "ipblacklist", "ipdenylist", "blacklistedips"),
  RULES("iamrules"),
  /// How much a key may use; the report names those that were left out.
  LIMIT(
      "ratelimit",
      "ratelimits",
      "rpm",
      "tpm",
      "rpd",
      "rpmlimit",
      "tpmlimit",
      "requestsperminute",
      "tokensperminute",
      "maxrequests",
      "quota",
      "budget",
      "maxbudget",
      "creditlimit",
      "usagelimit",
      "periodusagelimit",
      "periodusagedurationvalue",
      "periodusagedurationunit",
      "limit",
      "limits"),
  /// Neither narrows a key nor ends it.
  HISTORY(
      "id",
      "keyid",
      "uuid",
      "projectid",
      "updated",
      "updatedat",
      "lastused",
      "lastusedat",
      "lastuse",
      "lastip",
      "usage",
      "usagecount",
      "usecount",
      "requestcount",
      "requests",
      "totalrequests",
      "spend",
      "currentperiodusage",
      "currentperiodstartedat",
      "currentperiodresetat",
      "notes",
      "note",
      "comment",
      "metadata",
      "meta",
      "tags",
      "labels");

  private static final Map<String, FieldMeaning> BY_SPELLING = new HashMap<>();

  static {
    for (FieldMeaning meaning : values()) {
      for (String spelling : meaning.spellings) {
        BY_SPELLING.put(spelling, meaning);
      }
    }
  }

  @SuppressWarnings("ImmutableEnumChecker") // List.of is
  private final List<String> spellings;

  FieldMeaning(String... spellings) {
    this.spellings = List.of(spellings);
  }

  /// Null for a name nobody knows.
  static @Nullable FieldMeaning of(String name) {
    return BY_SPELLING.get(name.toLowerCase(Locale.ROOT).replaceAll("[_\\-. ]", ""));
  }
}
