package dev.gatewright.edge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Who answers what: an ordered list of templates, the first that fits the path wins; its methods
/// are looked at only then. Immutable.
///
/// `HEAD` is answered by the handler of `GET` where none of its own is given.
public final class RouteTable {
  /// What the table says of a request.
  public sealed interface Match {
    /// @param template for the log
    record Found(String template, EdgeHandler handler) implements Match {}

    /// @param allow value of the header `allow`
    /// @param handler one of the path's, which knows the form its callers read
    record WrongMethod(String template, String allow, EdgeHandler handler) implements Match {}

    record None() implements Match {}
  }

  private static final Match NONE = new Match.None();

  private final List<Route> routes;

  /// Paths of which only a template that is the path itself may decide, by path.
  private final Map<String, Route> literals;

  private final List<String> idPrefixes;
  private final Set<String> unlisted;

  private RouteTable(List<Route> routes, Set<String> unlisted) {
    this.routes = List.copyOf(routes);
    this.literals = literals(routes);
    this.unlisted = Set.copyOf(unlisted);
    this.idPrefixes =
        routes.stream()
            .filter(route -> route.template.restIsId())
            .map(route -> route.template.text())
            .map(text -> text.substring(0, text.indexOf('{')))
            .toList();
  }

  public static Builder builder() {
    return new Builder();
  }

  private static Map<String, Route> literals(List<Route> routes) {
    Map<String, Route> literals = new HashMap<>();
    List<Route> before = new ArrayList<>();
    for (Route route : routes) {
      PathTemplate template = route.template;
      if (template.literal()
          && before.stream().noneMatch(each -> each.template.matches(template.text()))) {
        literals.put(template.text(), route);
      }
      before.add(route);
    }
    return Map.copyOf(literals);
  }

  public Match match(String method, String path) {
    Route literal = literals.get(path);
    if (literal != null) {
      return literal.match(method);
    }
    for (int i = 0; i < routes.size(); i++) {
      Route route = routes.get(i);
      if (route.template.matches(path)) {
        return route.match(method);
      }
    }
    return NONE;
  }

  /// `METHOD template` of every route, `*` for any method, without the HEAD that comes with GET:
  /// what the OpenAPI document is held against.
  public List<String> listed() {
    List<String> listed = new ArrayList<>();
    for (Route route : routes) {
      if (unlisted.contains(route.template.text())) {
        continue;
      }
      new TreeSet<>(route.byMethod.keySet())
          .stream()
              .filter(method -> !method.equals("HEAD"))
              .forEach(method -> listed.add(method + " " + route.template.text()));
      if (route.any != null) {
        listed.add("* " + route.template.text());
      }
    }
    return listed;
  }

  /// Templates that stand for more than one path and answer any method, whether they are listed or
  /// not: what is served below them no document names path by path.
  public List<String> open() {
    return routes.stream()
        .filter(route -> route.any != null && !route.template.literal())
        .map(route -> route.template.text())
        .toList();
  }

  /// Prefixes below which the rest of the path is one id, so that `%2F` may stand in it.
  List<String> idPrefixes() {
    return idPrefixes;
  }

  private record Route(
      PathTemplate template, Map<String, Match> byMethod, @Nullable Match any, Match wrong) {
    Match match(String method) {
      Match found = byMethod.get(method);
      if (found != null) {
        return found;
      }
      return any != null ? any : wrong;
    }
  }

  /// Collects routes in order. The same template given twice gathers its methods at the first
  /// place.
  public static final class Builder {
    private static final String ANY = "*";

    private final Map<String, Map<String, EdgeHandler>> routes = new LinkedHashMap<>();
    private final Set<String> unlisted = new HashSet<>();

    private Builder() {}

    /// @param template as in [PathTemplate]: literal text, `{segment}`, `{rest*}` or `*` at the end
    public Builder on(String method, String template, EdgeHandler handler) {
      Map<String, EdgeHandler> methods =
          routes.computeIfAbsent(template, _ -> new LinkedHashMap<>());
      if (methods.putIfAbsent(method, handler) != null) {
        throw new IllegalArgumentException("route given twice: " + method + " " + template);
      }
      return this;
    }

    public Builder get(String template, EdgeHandler handler) {
      return on("GET", template, handler);
    }

    public Builder post(String template, EdgeHandler handler) {
      return on("POST", template, handler);
    }

    /// Every method the template has no handler of its own for.
    public Builder any(String template, EdgeHandler handler) {
      return on(ANY, template, handler);
    }

    /// Every method of a path that is no part of what is offered: whoever comes there is told where
    /// to go.
    public Builder unlisted(String template, EdgeHandler handler) {
      unlisted.add(template);
      return any(template, handler);
    }

    public RouteTable build() {
      List<Route> built = new ArrayList<>();
      routes.forEach((template, methods) -> built.add(route(template, methods)));
      return new RouteTable(built, unlisted);
    }

    private static Route route(String template, Map<String, EdgeHandler> methods) {
      PathTemplate path = PathTemplate.parse(template);
      Map<String, Match> byMethod = new LinkedHashMap<>();
      methods.forEach((method, handler) -> byMethod.put(method, found(path, handler)));
      Match any = byMethod.remove(ANY);
      Match get = byMethod.get("GET");
      if (get != null) {
        byMethod.putIfAbsent("HEAD", get);
      }
      String allow = String.join(", ", new TreeSet<>(byMethod.keySet()));
      Match wrong = new Match.WrongMethod(path.text(), allow, methods.values().iterator().next());
      return new Route(path, Map.copyOf(byMethod), any, wrong);
    }

    private static Match found(PathTemplate path, EdgeHandler handler) {
      return new Match.Found(path.text(), handler);
    }
  }
}
