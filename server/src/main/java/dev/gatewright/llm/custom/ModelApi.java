package dev.gatewright.llm.custom;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.llm.route.ModelsConfig;
import dev.gatewright.llm.route.ModelsConfig.TargetName;
import dev.gatewright.policy.Denial;
import dev.gatewright.policy.Policy;
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
import dev.gatewright.telemetry.Time;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// REST of model names: those of the configuration, shown, and those an organization defines for
/// itself. Described in `openapi/provider.yaml`.
public final class ModelApi {
  private static final Access READ = Access.of(Permission.PROVIDER_READ);
  private static final Access WRITE = Access.of(Permission.PROVIDER_WRITE);
  private static final int BODY_BYTES_MAX = 16 << 10;
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 200;
  private static final int TARGETS_MAX = 16;
  private static final int TARGET_CHARACTERS_MAX = 256;

  private final CustomChanges changes;
  private final LlmDestinations configured;
  private final Time time;

  public ModelApi(CustomChanges changes, LlmDestinations configured, Time time) {
    this.changes = changes;
    this.configured = configured;
    this.time = time;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    return new Resource(
        "provider",
        List.of(
            ApiRoute.create("/api/models", WRITE, BODY_BYTES_MAX, this::create),
            ApiRoute.get("/api/models", READ, this::list).query("limit", "cursor"),
            ApiRoute.get("/api/models/{id}", READ, this::show),
            ApiRoute.patch("/api/models/{id}", WRITE, BODY_BYTES_MAX, this::edit),
            ApiRoute.delete("/api/models/{id}", WRITE, this::remove)));
  }

  record ModelRequest(@Nullable String id, @Nullable List<@Nullable String> targets) {}

  /// POST /api/models
  private Answer create(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    ModelRequest request = call.body(ModelRequest.class);
    String id = request.id();
    if (id == null || !ModelsConfig.isId(id) || !ProviderRequest.named(id)) {
      throw Problem.wrong(
          "/id", "%s (expected: a name of up to 256 characters, * at its end only)".formatted(id));
    }
    notConfigured(id);
    CustomModel made =
        new CustomModel(
            caller.tenant().organizationId(),
            id,
            targets(caller, id, request.targets()),
            caller.id(),
            time.millis(),
            1);
    return switch (changes.create(caller, made)) {
      case YES -> shown(Answer.created(view(made)), made);
      case TAKEN -> throw Problem.conflict("model %s is there already".formatted(id));
      case FULL -> throw Problem.conflict("The organization has as many models as it may have.");
    };
  }

  private List<String> targets(
      ApiCaller caller, String id, @Nullable List<@Nullable String> given) {
    if (given == null || given.isEmpty() || given.size() > TARGETS_MAX) {
      throw Problem.wrong("/targets", "(expected: 1 to %d provider/model)".formatted(TARGETS_MAX));
    }
    List<String> own =
        changes.providers(caller.tenant().organizationId()).stream()
            .map(CustomProvider::id)
            .toList();
    List<String> checked = new ArrayList<>();
    for (String target : given) {
      if (target == null
          || target.length() > TARGET_CHARACTERS_MAX
          || !TargetName.fits(target)
          || !ProviderRequest.named(target)) {
        throw Problem.wrong("/targets", target + " (expected: provider/model)");
      }
      String provider = TargetName.of(target).provider();
      if (!own.contains(provider)
          && !configured.config().providers().providers().containsKey(provider)) {
        throw Problem.wrong(
            "/targets", "%s (expected: a provider this organization can use)".formatted(target));
      }
      if (target.endsWith("*") && !id.endsWith("*")) {
        throw Problem.wrong(
            "/targets", "%s (expected: no *, as %s has none)".formatted(target, id));
      }
      within(caller, id, target);
      checked.add(target);
    }
    return checked;
  }

  /// An admin key with rules gives no name to what they forbid, and takes none from it.
  private static void within(ApiCaller caller, String id, String target) {
    Policy policy = Policy.ofKey(caller.id(), caller.scope());
    Denial denial = policy.provider(TargetName.of(target).provider());
    denial = denial == null ? policy.model(id, target) : denial;
    if (denial != null) {
      throw Problem.denied(denial.message());
    }
  }

  /// GET /api/models?limit=&cursor=
  private Answer list(ApiCall call) {
    String organization = ApiCaller.of(call).tenant().organizationId();
    Paging paging = call.paging(organization, PAGE_ROWS, PAGE_ROWS_MAX);
    List<Map<String, Object>> all = new ArrayList<>();
    configured.config().models().models().forEach((id, targets) -> all.add(view(id, targets)));
    changes.models(organization).stream()
        .filter(each -> !isConfigured(each.id()))
        .map(ModelApi::view)
        .forEach(all::add);
    return ProviderApi.page(paging, all);
  }

  /// GET /api/models/{id}
  private Answer show(ApiCall call) {
    String id = id(call);
    List<TargetName> file = configured.config().models().models().get(id);
    if (file != null) {
      return Answer.ok(view(id, file));
    }
    CustomModel found = found(call, id);
    return shown(Answer.ok(view(found)), found);
  }

  /// PATCH /api/models/{id}
  private Answer edit(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    String id = id(call);
    notConfigured(id);
    CustomModel before = found(call, id);
    ModelRequest request = call.body(ModelRequest.class);
    if (request.id() != null && !request.id().equals(id)) {
      throw Problem.wrong("/id", "%s (expected: %s, which stays)".formatted(request.id(), id));
    }
    CustomModel after =
        new CustomModel(
            before.organizationId(),
            id,
            targets(caller, id, request.targets()),
            before.createdBy(),
            before.createdMillis(),
            before.version());
    CustomModel now = changes.edit(caller, after, guard(call)).orElseThrow(ModelApi::absent);
    return shown(Answer.ok(view(now)), now);
  }

  /// DELETE /api/models/{id}
  private Answer remove(ApiCall call) {
    String id = id(call);
    notConfigured(id);
    if (!changes.removeModel(ApiCaller.of(call), id, guard(call))) {
      throw absent();
    }
    return Answer.empty();
  }

  private static Consumer<CustomModel> guard(ApiCall call) {
    IfMatch seen = call.ifMatch();
    ApiCaller caller = ApiCaller.of(call);
    return there -> {
      seen.require(tag(there));
      there.targets().forEach(target -> within(caller, there.id(), target));
    };
  }

  /// A name with a slash stands in no path: `~` and base64url of it does.
  private static String id(ApiCall call) {
    String id = call.path("id");
    if (!id.startsWith("~")) {
      return id;
    }
    try {
      return new String(Base64.getUrlDecoder().decode(id.substring(1)), UTF_8);
    } catch (IllegalArgumentException notBase64) {
      throw absent();
    }
  }

  private static String ref(String id) {
    boolean plain = id.matches("[A-Za-z0-9._:-]+");
    return plain
        ? id
        : "~" + Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(UTF_8));
  }

  private CustomModel found(ApiCall call, String id) {
    return changes.models(ApiCaller.of(call).tenant().organizationId()).stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow(ModelApi::absent);
  }

  private boolean isConfigured(String id) {
    return configured.config().models().models().containsKey(id);
  }

  private void notConfigured(String id) {
    if (isConfigured(id)) {
      throw Problem.conflict(
          "model %s is in the configuration file (source: file); edit it there".formatted(id));
    }
  }

  private static Answer shown(Answer answer, CustomModel model) {
    return answer.tagged(tag(model));
  }

  private static String tag(CustomModel model) {
    return ETag.of(model.id(), model.createdMillis(), model.version());
  }

  private static Map<String, Object> view(CustomModel model) {
    return view(
        model.id(),
        "api",
        model.targets(),
        model.createdBy(),
        Instant.ofEpochMilli(model.createdMillis()).toString());
  }

  private static Map<String, Object> view(String id, List<TargetName> targets) {
    return view(
        id,
        "file",
        targets.stream().map(each -> each.provider() + "/" + each.model()).toList(),
        null,
        null);
  }

  @SuppressWarnings("NullAway") // a JSON null
  private static Map<String, Object> view(
      String id,
      String source,
      List<String> targets,
      @Nullable String createdBy,
      @Nullable String createdAt) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", id);
    fields.put("ref", ref(id));
    fields.put("source", source);
    fields.put("targets", targets);
    fields.put("created_by", createdBy);
    fields.put("created_at", createdAt);
    return fields;
  }

  private static Problem absent() {
    return Problem.absent("model");
  }
}
