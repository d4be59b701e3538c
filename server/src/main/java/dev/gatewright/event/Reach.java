package dev.gatewright.event;

import dev.gatewright.account.Extent;
import dev.gatewright.rest.Permission;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a person may hear of an organization, as it was when the stream began. Two are equal when
/// they let through the same.
///
/// @param projects those that a confined permission reaches
record Reach(
    String organizationId, String personId, Set<String> projects, Map<Permission, Extent> extents) {
  Reach {
    projects = Set.copyOf(projects);
    extents = Map.copyOf(extents);
  }

  static Reach of(
      String organizationId,
      String personId,
      Set<String> projects,
      Function<Permission, Extent> extents) {
    Map<Permission, Extent> all = new EnumMap<>(Permission.class);
    for (Permission permission : Event.TYPES.values()) {
      all.put(permission, extents.apply(permission));
    }
    return new Reach(organizationId, personId, projects, all);
  }

  /// The event as this person may hear it; null = not at all.
  @Nullable Event seen(Event event) {
    Permission permission = Event.TYPES.get(event.type());
    Extent extent =
        permission == null ? Extent.NONE : extents.getOrDefault(permission, Extent.NONE);
    return switch (extent) {
      case NONE -> null;
      case TOTALS -> event.type().equals(Event.REQUEST) ? event.asUsage() : null;
      case OWN, GRANTED -> confined(event) ? event : null;
      case MASKED, ALL_BUT_OWNERS, ALL -> event;
    };
  }

  /// As the lists of these things are confined.
  private boolean confined(Event event) {
    return switch (event.type()) {
      case Event.KEY -> granted(event) && own(event);
      case Event.MEMBER, Event.AUDIT -> own(event);
      case Event.POLICY ->
          event.personId() == null ? event.projectId() == null || granted(event) : own(event);
      default -> granted(event);
    };
  }

  private boolean granted(Event event) {
    return event.projectId() != null && projects.contains(event.projectId());
  }

  private boolean own(Event event) {
    return personId.equals(event.personId());
  }
}
