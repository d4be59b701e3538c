package dev.gatewright.key.change;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.account.Tenant;
import dev.gatewright.edge.Refusal;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFormat;
import dev.gatewright.key.KeyNotes;
import dev.gatewright.key.KeyPower;
import dev.gatewright.key.KeySpending;
import dev.gatewright.key.NewKey;
import dev.gatewright.key.change.KeyFields.Fault;
import dev.gatewright.limit.term.LimitForm;
import dev.gatewright.policy.Rule;
import dev.gatewright.policy.RuleText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The body of `POST /api/keys`, as it came; [#checked] is the way to a [NewKey]. Each of `models`,
/// `denyModels`, `providers`, `services`, `rooms` and `ip` is short for a rule: [RuleField].
///
/// @param kind `live`, `test` or `admin`; null = live
/// @param expiresIn a duration such as `30d`; not together with `expiresAt`
/// @param expiresAt RFC 3339
/// @param notBefore RFC 3339
/// @param manage services whose manage paths it shall reach
/// @param user whom it is given to
/// @param projectId null = the first
/// @param owner the member whose key it shall be; null = its project's
/// @param origins pages it may be used from
/// @param metadata an object of the owner's own
/// @param limits how much its calls may take
/// @param allowUnpriced see [KeySpending]
/// @param maxOutputTokens see [KeySpending]
public record KeyRequest(
    @Nullable String name,
    @Nullable String kind,
    @Nullable String expiresIn,
    @Nullable String expiresAt,
    @Nullable String notBefore,
    @Nullable List<@Nullable String> models,
    @Nullable List<@Nullable String> denyModels,
    @Nullable List<@Nullable String> providers,
    @Nullable List<@Nullable String> services,
    @Nullable List<@Nullable String> rooms,
    @Nullable List<@Nullable String> ip,
    @Nullable List<@Nullable RuleText> rules,
    @Nullable List<@Nullable String> manage,
    @Nullable String user,
    @Nullable List<@Nullable String> tags,
    @Nullable String projectId,
    @Nullable String owner,
    @Nullable List<@Nullable String> origins,
    @Nullable JsonNode metadata,
    @Nullable List<@Nullable LimitForm> limits,
    @Nullable JsonNode allowUnpriced,
    @Nullable JsonNode maxOutputTokens) {

  private static final Pattern PROJECT = Pattern.compile("prj_[0-9A-Za-z]{1,40}");

  /// What came of it.
  public sealed interface Checked {
    record Good(NewKey key) implements Checked {}

    /// @param pointer JSON pointer of the field at fault
    /// @param message names the value and what was expected
    record Wrong(String pointer, String message) implements Checked {}
  }

  /// A key of another gate: what can be said of it in such a request.
  public static KeyRequest imported(
      @Nullable String name,
      @Nullable String kind,
      @Nullable List<@Nullable String> services,
      @Nullable List<@Nullable RuleText> rules,
      @Nullable List<@Nullable String> manage,
      @Nullable String user,
      @Nullable List<@Nullable String> tags) {
    return new KeyRequest(
        name, kind, null, null, null, null, null, null, services, null, null, rules, manage, user,
        tags, null, null, null, null, null, null, null);
  }

  /// The same with what only our own keys have.
  public KeyRequest with(
      @Nullable String ofMember, @Nullable List<@Nullable String> pages, @Nullable JsonNode words) {
    return new KeyRequest(
        name,
        kind,
        expiresIn,
        expiresAt,
        notBefore,
        models,
        denyModels,
        providers,
        services,
        rooms,
        ip,
        rules,
        manage,
        user,
        tags,
        projectId,
        ofMember,
        pages,
        words,
        limits,
        allowUnpriced,
        maxOutputTokens);
  }

  public Checked checked(Tenant tenant, Instant now) {
    try {
      ApiKey.Kind wanted = KeyFormat.kindOf(kind == null ? "live" : kind);
      if (wanted == null) {
        throw new Fault(
            "/kind",
            "%s (expected: live, test or admin)".formatted(Refusal.shown(String.valueOf(kind))));
      }
      Instant expires = KeyFields.expires(expiresIn, expiresAt, now);
      Instant begins = KeyFields.begins(notBefore, now);
      long notBeforeMillis = begins == null ? 0 : begins.toEpochMilli();
      Long expiresMillis = expires == null ? null : (Long) expires.toEpochMilli();
      KeyFields.requireOrder(notBeforeMillis, expiresMillis);
      List<Rule> allRules = allRules();
      return new Checked.Good(
          new NewKey(
              projectId == null ? tenant : project(tenant),
              wanted,
              KeyFields.name(name),
              notBeforeMillis,
              expiresMillis,
              new KeyPower(
                  allRules,
                  KeyFields.manage(manage, wanted, allRules),
                  KeyFields.origins(origins),
                  new KeySpending(
                      KeyFields.allowUnpriced(allowUnpriced),
                      KeyFields.outputTokensMax(maxOutputTokens))),
              new KeyNotes(
                  KeyFields.user(user),
                  KeyFields.owner(owner),
                  KeyFields.tags(tags),
                  KeyFields.metadata(metadata)),
              KeyLimits.of(limits)));
    } catch (Fault fault) {
      return new Checked.Wrong(fault.pointer(), fault.sentence());
    }
  }

  private Tenant project(Tenant tenant) throws Fault {
    String id = String.valueOf(projectId);
    if (!PROJECT.matcher(id).matches()) {
      throw new Fault(
          "/project_id", "%s (expected: a project's id, prj_…)".formatted(Refusal.shown(id)));
    }
    return new Tenant(tenant.organizationId(), id);
  }

  private List<Rule> allRules() throws Fault {
    Map<RuleField, @Nullable List<@Nullable String>> fields = new EnumMap<>(RuleField.class);
    fields.put(RuleField.MODELS, models);
    fields.put(RuleField.DENY_MODELS, denyModels);
    fields.put(RuleField.PROVIDERS, providers);
    fields.put(RuleField.SERVICES, services);
    fields.put(RuleField.ROOMS, rooms);
    fields.put(RuleField.IP, ip);
    List<Rule> all = new ArrayList<>();
    for (Map.Entry<RuleField, @Nullable List<@Nullable String>> field : fields.entrySet()) {
      List<@Nullable String> values = field.getValue();
      if (values != null) {
        all.add(KeyFields.rule(field.getKey(), values));
      }
    }
    all.addAll(KeyFields.rules(rules));
    return KeyFields.bounded(all);
  }
}
