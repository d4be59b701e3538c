package dev.gatewright.policy;

import dev.gatewright.net.Cidr;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a caller may do: each layer is evaluated alone and all must pass (DESIGN §4 Policy).
/// Compiled once, then pure functions over immutable data: made for the event loop.
///
/// Each question is of one type of rule; a type that does not apply to a call is simply not asked.
public final class Policy {
  /// No rules: everything passes.
  public static final Policy OPEN = Policy.of(List.of());

  private final List<Verdict<Names>> models;
  private final List<Verdict<Names>> providers;
  private final List<Verdict<Names>> services;
  private final List<Verdict<Names>> rooms;
  private final List<Verdict<List<Cidr>>> addresses;

  private Policy(List<Layer> layers) {
    this.models = compile(layers, Rule.Type.MODELS, Names::new);
    this.providers = compile(layers, Rule.Type.PROVIDERS, Names::new);
    this.services = compile(layers, Rule.Type.SERVICES, Names::new);
    this.rooms = compile(layers, Rule.Type.ROOMS, Names::new);
    this.addresses =
        compile(layers, Rule.Type.IP, values -> values.stream().map(Cidr::parse).toList());
  }

  /// @param layers outermost first: organization, project, member, key
  /// @throws IllegalArgumentException when an `ip` rule names no CIDR range
  public static Policy of(List<Layer> layers) {
    return new Policy(layers);
  }

  /// May this model be used? A rule matches when it names what was asked for or the target.
  ///
  /// @param asked the name in the request
  /// @param target `provider/model`; null where no target is known yet
  public @Nullable Denial model(String asked, @Nullable String target) {
    for (Verdict<Names> verdict : models) {
      Rule rule =
          verdict.denying(
              names -> names.matches(asked) || (target != null && names.matches(target)));
      if (rule != null) {
        String what = target == null || target.equals(asked) ? asked : asked + " (" + target + ")";
        return Denial.of(verdict.layer(), rule, "model " + what);
      }
    }
    return null;
  }

  public @Nullable Denial provider(String id) {
    return named(providers, "provider ", id);
  }

  public @Nullable Denial service(String id) {
    return named(services, "service ", id);
  }

  /// @param id the room provider's id
  public @Nullable Denial room(String id) {
    return named(rooms, "room provider ", id);
  }

  public @Nullable Denial address(InetAddress client) {
    for (Verdict<List<Cidr>> verdict : addresses) {
      Rule rule = verdict.denying(ranges -> Cidr.anyContains(ranges, client));
      if (rule != null) {
        return Denial.of(verdict.layer(), rule, "address " + client.getHostAddress());
      }
    }
    return null;
  }

  /// True when no rule can deny a model or provider, for a caller that lists all of them.
  public boolean allowsEveryModel() {
    return models.isEmpty() && providers.isEmpty();
  }

  private static @Nullable Denial named(List<Verdict<Names>> verdicts, String what, String id) {
    for (Verdict<Names> verdict : verdicts) {
      Rule rule = verdict.denying(names -> names.matches(id));
      if (rule != null) {
        return Denial.of(verdict.layer(), rule, what + id);
      }
    }
    return null;
  }

  private static <M> List<Verdict<M>> compile(
      List<Layer> layers, Rule.Type type, Verdict.Compiler<M> compiler) {
    List<Verdict<M>> verdicts = new ArrayList<>();
    for (Layer layer : layers) {
      Verdict<M> verdict = Verdict.of(layer.name(), layer.rules(), type, compiler);
      if (verdict != null) {
        verdicts.add(verdict);
      }
    }
    return List.copyOf(verdicts);
  }
}
