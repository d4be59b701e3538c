package dev.gatewright.llm.custom;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.llm.dialect.Dialect;
import dev.gatewright.llm.provider.Provider;
import dev.gatewright.policy.Denial;
import dev.gatewright.policy.Policy;
import dev.gatewright.relay.BaseUrl;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.ETag;
import dev.gatewright.rest.IfMatch;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.secret.keyring.Keyring;
import dev.gatewright.telemetry.Time;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// REST of providers: those of the configuration, shown, and those an organization defines for
/// itself. Described in `openapi/provider.yaml`.
public final class ProviderApi {
  private static final Access READ = Access.of(Permission.PROVIDER_READ);
  private static final Access.InOrganization WRITE = Access.of(Permission.PROVIDER_WRITE);
  private static final int BODY_BYTES_MAX = 128 << 10;
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 200;

  private final CustomChanges changes;
  private final CustomProviders providers;
  private final LlmDestinations configured;
  private final DialRules rules;
  private final Time time;

  /// @param rules of targets defined by API
  public ProviderApi(
      CustomChanges changes,
      Keyring keyring,
      LlmDestinations configured,
      DialRules rules,
      Time time) {
    this.changes = changes;
    this.providers = new CustomProviders(keyring);
    this.configured = configured;
    this.rules = rules;
    this.time = time;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    return new Resource(
        "provider",
        List.of(
            ApiRoute.create("/api/providers", WRITE, BODY_BYTES_MAX, this::create),
            ApiRoute.get("/api/providers", READ, this::list).query("limit", "cursor"),
            ApiRoute.get("/api/providers/{id}", READ, this::show),
            // Where credentials go is what it changes.
            ApiRoute.patch("/api/providers/{id}", WRITE.withStepUp(), BODY_BYTES_MAX, this::edit),
            ApiRoute.delete("/api/providers/{id}", WRITE, this::remove)));
  }

  /// POST /api/providers
  private Answer create(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    String organization = caller.tenant().organizationId();
    ProviderRequest request = call.body(ProviderRequest.class);
    String id = request.checkedId();
    withinScope(caller, id);
    notConfigured(id);
    Dialect dialect = request.checkedDialect();
    BaseUrl base = request.checkedAddress(rules);
    if (base == null) {
      throw Problem.wrong("/base_url", "missing (expected: https://host/v1)");
    }
    dialect = dialect == null ? Dialect.OPENAI : dialect;
    Map<String, String> headers = orEmpty(request.checkedHeaders());
    CustomProvider made =
        new CustomProvider(
            organization,
            id,
            dialect.id(),
            text(base),
            providers.sealed(organization, id, base, headers),
            List.copyOf(headers.keySet()),
            orEmpty(request.checkedModels()),
            orEmpty(request.checkedEndpoints(dialect)),
            caller.id(),
            time.millis(),
            1);
    return switch (changes.create(caller, made)) {
      case YES -> shown(Answer.created(view(made)), made);
      case TAKEN -> throw Problem.conflict("provider %s is there already".formatted(id));
      case FULL -> throw Problem.conflict("The organization has as many providers as it may have.");
    };
  }

  /// GET /api/providers?limit=&cursor=
  private Answer list(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    String organization = caller.tenant().organizationId();
    Paging paging = call.paging(organization, PAGE_ROWS, PAGE_ROWS_MAX);
    List<Map<String, Object>> all = new ArrayList<>();
    configured.config().providers().providers().values().stream()
        .map(each -> view(caller, each))
        .forEach(all::add);
    changes.providers(organization).stream()
        .filter(each -> !isConfigured(each.id()))
        .map(ProviderApi::view)
        .forEach(all::add);
    return page(paging, all);
  }

  /// A page of a list that is short by its nature, by ids.
  static Answer page(Paging paging, List<Map<String, Object>> all) {
    String after = paging.after();
    List<Map<String, Object>> rows =
        all.stream()
            .sorted((a, b) -> id(a).compareTo(id(b)))
            .filter(each -> after == null || id(each).compareTo(after) > 0)
            .limit(paging.rows() + 1L)
            .toList();
    boolean more = rows.size() > paging.rows();
    List<Map<String, Object>> page = more ? rows.subList(0, paging.rows()) : rows;
    return paging.answer(page, more ? id(page.getLast()) : null);
  }

  private static String id(Map<String, Object> view) {
    return String.valueOf(view.get("id"));
  }

  /// GET /api/providers/{id}
  private Answer show(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    Provider file = configured.config().providers().providers().get(call.path("id"));
    if (file != null) {
      return Answer.ok(view(caller, file));
    }
    CustomProvider found = found(call);
    return shown(Answer.ok(view(found)), found);
  }

  /// PATCH /api/providers/{id}
  private Answer edit(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    notConfigured(call.path("id"));
    CustomProvider before = found(call);
    withinScope(caller, before.id());
    ProviderRequest request = call.body(ProviderRequest.class);
    if (request.id() != null && !request.id().equals(before.id())) {
      throw Problem.wrong(
          "/id", "%s (expected: %s, which stays)".formatted(request.id(), before.id()));
    }
    CustomProvider after = changed(before, request);
    IfMatch seen = call.ifMatch();
    CustomProvider now =
        changes
            .edit(
                caller,
                after,
                there -> {
                  seen.require(tag(there));
                  if (there.version() != before.version()) {
                    throw Problem.changedSince();
                  }
                })
            .orElseThrow(ProviderApi::absent);
    return shown(Answer.ok(view(now)), now);
  }

  /// Headers were sealed for the address they were given for: another address begins without.
  private CustomProvider changed(CustomProvider before, ProviderRequest request) {
    Dialect dialect = request.checkedDialect();
    if (dialect == null) {
      dialect = CustomProviders.dialect(before.dialect());
    }
    dialect = dialect == null ? Dialect.OPENAI : dialect;
    BaseUrl old = BaseUrl.parse("base_url", before.baseUrl());
    BaseUrl asked = request.checkedAddress(rules);
    BaseUrl base = asked == null ? old : asked;
    Map<String, String> headers = request.checkedHeaders();
    boolean keeps = headers == null && base.origin().equals(old.origin());
    Map<String, String> given = orEmpty(headers);
    List<String> models = request.checkedModels();
    List<String> endpoints = request.checkedEndpoints(dialect);
    boolean same = dialect.id().equals(before.dialect());
    return new CustomProvider(
        before.organizationId(),
        before.id(),
        dialect.id(),
        text(base),
        keeps
            ? before.headers()
            : providers.sealed(before.organizationId(), before.id(), base, given),
        keeps ? before.headerNames() : List.copyOf(given.keySet()),
        models == null ? before.models() : models,
        endpoints != null ? endpoints : same ? before.endpoints() : List.of(),
        before.createdBy(),
        before.createdMillis(),
        before.version());
  }

  /// DELETE /api/providers/{id}
  private Answer remove(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    notConfigured(call.path("id"));
    withinScope(caller, found(call).id());
    IfMatch seen = call.ifMatch();
    Consumer<CustomProvider> guard = there -> seen.require(tag(there));
    if (!changes.removeProvider(caller, call.path("id"), guard)) {
      throw absent();
    }
    return Answer.empty();
  }

  private CustomProvider found(ApiCall call) {
    String id = call.path("id");
    return changes.providers(ApiCaller.of(call).tenant().organizationId()).stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow(ProviderApi::absent);
  }

  private boolean isConfigured(String id) {
    return configured.config().providers().providers().containsKey(id);
  }

  private void notConfigured(String id) {
    if (isConfigured(id)) {
      throw Problem.conflict(
          "provider %s is in the configuration file (source: file); edit it there".formatted(id));
    }
  }

  /// An admin key with rules handles what its rules reach, and nothing else.
  private static void withinScope(ApiCaller caller, String id) {
    Denial denial = Policy.ofKey(caller.id(), caller.scope()).provider(id);
    if (denial != null) {
      throw Problem.denied(denial.message());
    }
  }

  private static Answer shown(Answer answer, CustomProvider provider) {
    return answer.tagged(tag(provider));
  }

  private static String tag(CustomProvider provider) {
    return ETag.of(provider.id(), provider.createdMillis(), provider.version());
  }

  private static Map<String, Object> view(CustomProvider provider) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", provider.id());
    fields.put("source", "api");
    fields.put("dialect", provider.dialect());
    fields.put("base_url", provider.baseUrl());
    fields.put("headers", provider.headerNames());
    fields.put("models", provider.models());
    fields.put("endpoints", provider.endpoints());
    fields.put("created_by", provider.createdBy());
    fields.put("created_at", Instant.ofEpochMilli(provider.createdMillis()).toString());
    return fields;
  }

  /// Where the platform's own stand is for those who run it.
  private static Map<String, Object> view(ApiCaller caller, Provider provider) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", provider.id());
    fields.put("source", "file");
    fields.put("dialect", provider.dialect().id());
    put(
        fields,
        "base_url",
        caller.platformOwner() ? provider.origin() + provider.basePath() : null);
    fields.put("headers", List.of());
    fields.put("models", List.of());
    fields.put("endpoints", List.of());
    put(fields, "created_by", null);
    put(fields, "created_at", null);
    return fields;
  }

  @SuppressWarnings("NullAway") // a JSON null
  private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
    fields.put(name, value);
  }

  private static String text(BaseUrl base) {
    return base.origin() + base.path();
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  private static Problem absent() {
    return Problem.absent("provider");
  }
}
