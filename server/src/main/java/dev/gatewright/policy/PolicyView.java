package dev.gatewright.policy;

import dev.gatewright.net.Cidr;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rules of one owner, compiled: pure functions over immutable data, made for the event loop.
/// Each question is of one type of rule; a type without rules is skipped.
public final class PolicyView {
  private static final int ALONE_BYTES = 200;
  private static final int RULE_BYTES = 200;
  private static final int VALUE_BYTES = 150;

  private final Layer layer;
  private final String subjectId;
  private final List<Rule> rules;
  private final @Nullable Verdict<Names> models;
  private final @Nullable Verdict<Names> providers;
  private final @Nullable Verdict<List<PriceTerms>> prices;
  private final @Nullable Verdict<Names> services;
  private final @Nullable Verdict<Names> rooms;
  private final @Nullable Verdict<List<Cidr>> addresses;

  /// @param subjectId whose rules they are: `org_…`, `prj_…`, `per_…` or `key_…`
  /// @throws IllegalArgumentException when an `ip` rule names no CIDR range
  public PolicyView(Layer layer, String subjectId, List<Rule> rules) {
    this.layer = layer;
    this.subjectId = subjectId;
    this.rules = List.copyOf(rules);
    this.models = Verdict.of(rules, Rule.Type.MODELS, Names::new);
    this.providers = Verdict.of(rules, Rule.Type.PROVIDERS, Names::new);
    this.prices =
        Verdict.of(
            rules, Rule.Type.PRICES, values -> values.stream().map(PriceTerms::parse).toList());
    this.services = Verdict.of(rules, Rule.Type.SERVICES, Names::new);
    this.rooms = Verdict.of(rules, Rule.Type.ROOMS, Names::new);
    this.addresses =
        Verdict.of(rules, Rule.Type.IP, values -> values.stream().map(Cidr::parse).toList());
  }

  public Layer layer() {
    return layer;
  }

  public String subjectId() {
    return subjectId;
  }

  public List<Rule> rules() {
    return rules;
  }

  /// Lets everything pass.
  public boolean open() {
    return rules.isEmpty();
  }

  /// Heap it takes, by estimate: each value three times (as text, compiled, in the set's own
  /// structure).
  public int bytes() {
    int bytes = ALONE_BYTES;
    for (Rule rule : rules) {
      bytes += RULE_BYTES;
      for (String value : rule.values()) {
        bytes += VALUE_BYTES + value.length();
      }
    }
    return bytes;
  }

  /// See [Policy#model].
  @Nullable Denial model(String asked, @Nullable String target) {
    if (models == null) {
      return null;
    }
    Rule rule =
        models.denying(names -> names.matches(asked) || (target != null && names.matches(target)));
    if (rule == null) {
      return null;
    }
    String what = target == null || target.equals(asked) ? asked : asked + " (" + target + ")";
    return denial(rule, "model " + what);
  }

  @Nullable Denial provider(String id) {
    return named(providers, "provider ", id);
  }

  /// See [Policy#price].
  @Nullable Denial price(String target, @Nullable ListedPrice price) {
    if (prices == null) {
      return null;
    }
    if (price == null) {
      // What has no price is within no limit, and beyond every one.
      return denial(prices.first(), "model " + target + ", which has no price,");
    }
    Rule rule = prices.denying(values -> values.stream().anyMatch(each -> each.met(price)));
    return rule == null ? null : denial(rule, "the price of model " + target);
  }

  @Nullable Denial service(String id) {
    return named(services, "service ", id);
  }

  @Nullable Denial room(String id) {
    return named(rooms, "room provider ", id);
  }

  @Nullable Denial address(InetAddress client) {
    Rule rule =
        addresses == null ? null : addresses.denying(ranges -> Cidr.anyContains(ranges, client));
    return rule == null ? null : denial(rule, "address " + client.getHostAddress());
  }

  boolean limitsPrices() {
    return prices != null;
  }

  boolean allowsEveryModel() {
    return models == null && providers == null && prices == null;
  }

  private @Nullable Denial named(@Nullable Verdict<Names> verdict, String what, String id) {
    Rule rule = verdict == null ? null : verdict.denying(names -> names.matches(id));
    return rule == null ? null : denial(rule, what + id);
  }

  private Denial denial(Rule rule, String asked) {
    return Denial.of(layer, subjectId, rule, asked);
  }
}
