package dev.gatewright.key.change;

import dev.gatewright.account.Tenant;
import dev.gatewright.edge.Refusal;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFormat;
import dev.gatewright.key.NewKey;
import dev.gatewright.policy.Layer;
import dev.gatewright.policy.Policy;
import dev.gatewright.policy.PolicyView;
import dev.gatewright.policy.PolicyViews;
import dev.gatewright.policy.Rule;
import dev.gatewright.policy.RuleOwner;
import dev.gatewright.rest.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Says what a key would reach before it is made, by the very rules its calls would be asked.
/// Blocks; thread-safe.
public final class KeyPreview {
  private static final int SECONDS_MAX = 10;

  /// Test keys have the simulator, whatever is configured.
  private static final String SIMULATED = "sim/echo";

  private final PolicyViews policies;
  private final Reachable reachable;

  public KeyPreview(PolicyViews policies, Reachable reachable) {
    this.policies = policies;
    this.reachable = reachable;
  }

  /// The body of an answer.
  ///
  /// @throws Problem 422 `no_access` for a key that could reach nothing, 503
  Map<String, Object> of(NewKey key) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("kind", KeyFormat.word(key.kind()));
    answer.put("organization_id", key.tenant().organizationId());
    answer.put("project_id", key.tenant().projectId());
    if (key.kind() == ApiKey.Kind.ADMIN) {
      // It administers; its rules bound the keys it makes.
      reach(answer, List.of(), List.of(), List.of(), List.of());
      return answer;
    }
    Policy policy = policy(key);
    Reachable.Things things = reachable.of(key.tenant().organizationId());
    boolean live = key.kind() == ApiKey.Kind.LIVE;
    List<String> models = models(key, policy, things);
    List<String> providers =
        things.providers().stream().filter(id -> anyModel(policy, things, id)).toList();
    List<String> services =
        live
            ? things.services().stream().filter(id -> policy.service(id) == null).toList()
            : List.of();
    List<String> rooms =
        live ? things.rooms().stream().filter(id -> policy.room(id) == null).toList() : List.of();
    if (models.isEmpty() && providers.isEmpty() && services.isEmpty() && rooms.isEmpty()) {
      throw new Problem(
          Refusal.of(
              422,
              "invalid_request_error",
              "no_access",
              "The key would reach nothing: its rules, and those of its organization, project and"
                  + " owner together, leave no model, provider, service or room."));
    }
    reach(answer, models, providers, services, rooms);
    return answer;
  }

  private static void reach(
      Map<String, Object> answer,
      List<String> models,
      List<String> providers,
      List<String> services,
      List<String> rooms) {
    answer.put("models", models);
    answer.put("providers", providers);
    answer.put("services", services);
    answer.put("rooms", rooms);
  }

  private Policy policy(NewKey key) {
    Tenant tenant = key.tenant();
    CompletableFuture<PolicyViews.Found> found = new CompletableFuture<>();
    policies.find(
        RuleOwner.over(tenant.organizationId(), tenant.projectId(), key.notes().owner()),
        new PolicyView(Layer.KEY, "key_new", key.power().rules()),
        found::complete);
    PolicyViews.Found none = new PolicyViews.Found.Failed("store_slow");
    return switch (found.completeOnTimeout(none, SECONDS_MAX, TimeUnit.SECONDS).join()) {
      case PolicyViews.Found.Whole whole -> whole.policy();
      case PolicyViews.Found.Failed _ ->
          throw new Problem(Refusal.overloaded("The rules cannot be read now; try again.", 1));
    };
  }

  /// Names of the mapping, and whole names that the key's own rules let through.
  private static List<String> models(NewKey key, Policy policy, Reachable.Things things) {
    TreeSet<String> names = new TreeSet<>();
    things
        .models()
        .forEach((name, targets) -> {
          boolean any =
              targets.stream()
                  .anyMatch(
                      target -> policy.model(name, target) == null && open(policy, things, target));
          if (any) {
            names.add(name);
          }
        });
    for (Rule rule : key.power().rules()) {
      if (rule.type() == Rule.Type.MODELS && rule.effect() == Rule.Effect.ALLOW) {
        for (String name : rule.values()) {
          boolean direct = !name.endsWith("*") && things.providers().contains(provider(name));
          if (direct && policy.model(name, name) == null && open(policy, things, name)) {
            names.add(name);
          }
        }
      }
    }
    if (key.kind() == ApiKey.Kind.TEST && policy.model(SIMULATED, SIMULATED) == null) {
      names.add(SIMULATED);
    }
    return List.copyOf(names);
  }

  /// Its provider and its price are.
  private static boolean open(Policy policy, Reachable.Things things, String target) {
    return policy.provider(provider(target)) == null
        && (!policy.limitsPrices() || policy.price(target, things.prices().of(target)) == null);
  }

  /// Whether a provider's models are open whatever their names.
  private static boolean anyModel(Policy policy, Reachable.Things things, String provider) {
    // No rule can name it but one that ends with a star.
    String unheardOf = provider + "/\u0000";
    return policy.model(unheardOf, unheardOf) == null && open(policy, things, unheardOf);
  }

  private static String provider(String target) {
    int slash = target.indexOf('/');
    return slash < 0 ? target : target.substring(0, slash);
  }
}
