package dev.gatewright.room.life;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.gatewright.room.access.RoomVisit;
import dev.gatewright.room.life.Rooms.Known;
import dev.gatewright.room.provider.Changed;
import dev.gatewright.room.provider.ProviderRoom;
import dev.gatewright.room.provider.Reaping;
import dev.gatewright.room.provider.RoomPlan;
import dev.gatewright.room.provider.RoomRef;
import dev.gatewright.room.provider.RoomSpec;
import dev.gatewright.room.provider.RoomWas;
import dev.gatewright.room.settings.Capability;
import dev.gatewright.room.settings.Outcome;
import dev.gatewright.room.settings.Profile;
import dev.gatewright.room.settings.RoomSettings;
import dev.gatewright.room.settings.SettingsMerge;
import dev.gatewright.room.store.RoomRow;
import dev.gatewright.room.store.RoomRow.Status;
import dev.gatewright.room.store.RoomStore;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes and changes rooms: name first, in our own rows; then the provider; then what it said.
public final class RoomMaking {
  private static final Logger LOG = LoggerFactory.getLogger(RoomMaking.class);

  /// A row still in the making after this is what a crash left behind: a call takes 30 s at most.
  private static final long MAKING_MILLIS_MAX = RoomTurns.TURN_MILLIS_MAX;

  private final Database database;
  private final RoomReaper reaper;
  private final Time time;

  public RoomMaking(Database database, RoomReaper reaper, Time time) {
    this.database = database;
    this.reaper = reaper;
    this.time = time;
  }

  /// @param id our own id of the room; null in a dry run
  /// @throws RoomRefused 422 when `strict` was asked for and something is not applied in full
  RoomPlan plan(RoomVisit visit, RoomRequest request, @Nullable String id, @Nullable String name) {
    RoomSpec spec = spec(visit, request, id, name);
    return checked(visit, visit.provider().plan(spec), request.strict());
  }

  private RoomSpec spec(
      RoomVisit visit, RoomRequest request, @Nullable String id, @Nullable String name) {
    Integer expiresIn = request.settings().lifespan().expiresIn();
    Reaping reaping = reaping(visit, expiresIn);
    boolean ends = visit.provider().facts().endsRooms() || reaping.possible();
    Long expires =
        expiresIn == null || !ends ? null : Long.valueOf(time.millis() + expiresIn * 1000L);
    return new RoomSpec(
        id,
        name,
        request.profile().id(),
        request.settings(),
        expires,
        reaping,
        visit.account().names());
  }

  Known make(RoomVisit visit, RoomRequest request) {
    String name = request.name() == null ? RoomNames.make() : request.name();
    RoomPlan plan = plan(visit, request, Rooms.newId(time.millis()), name);
    RoomRow row = row(visit, plan);
    reserve(visit, row);
    ProviderRoom room;
    try {
      room = visit.provider().create(visit.account(), plan);
    } catch (RoomRefused refused) {
      undo(visit, row, request.name() == null && refused.problem().status() >= 500);
      throw refused;
    } catch (RuntimeException bug) {
      undo(visit, row, request.name() == null);
      throw bug;
    }
    RoomRow made =
        database.write(handle -> {
          RoomStore.activate(handle, row.tenant(), row.id(), room.id(), room.url());
          RoomStore.giveBack(handle, row);
          RoomTold.tell(handle, row, "create", time.millis());
          return RoomStore.get(handle, row.tenant(), row.id()).orElse(row);
        });
    hold(visit, made, plan);
    return new Known(made, room, Status.ACTIVE.id());
  }

  /// @param row taken, and there at the provider
  Known change(RoomVisit visit, RoomRow row, RoomRequest.Change change) {
    RoomSettings settings =
        switch (SettingsMerge.merge(row.roomSettings(), change.overrides(), "/overrides")) {
          case SettingsMerge.Merged.Wrong wrong ->
              throw new RoomRefused(wrong.problem(422).from(visit.providerId()));
          case SettingsMerge.Merged.Settings merged -> merged.settings();
        };
    Profile profile = Profile.of(row.profile());
    RoomRequest request =
        new RoomRequest(
            row.name(),
            profile == null ? Profile.CONVERSATION : profile,
            settings,
            change.strict());
    RoomSpec spec = spec(visit, request, row.id(), row.name());
    if (!change.sets("lifespan", "expires_in")) {
      spec = spec.ending(row.expiresMillis());
    }
    RoomPlan plan =
        checked(visit, visit.provider().change(spec, was(row, change)), change.strict());
    Changed changed = visit.provider().update(visit.account(), plan);
    RoomRow wanted = changed(row, plan, changed, visit);
    RoomRow written =
        database
            .write(handle -> {
              if (!RoomStore.change(handle, wanted)) {
                return Optional.<RoomRow>empty();
              }
              RoomTold.tell(handle, wanted, "edit", time.millis());
              return RoomStore.get(handle, row.tenant(), row.id());
            })
            .orElseThrow(() -> overtaken(visit, row));
    reaper.held().forget(row.id());
    hold(visit, written, plan);
    return new Known(written, changed.room(), Status.ACTIVE.id());
  }

  private static RoomRefused overtaken(RoomVisit visit, RoomRow row) {
    return new RoomRefused(
        RoomProblem.of(
                409,
                "invalid_request_error",
                "room_busy",
                "%s: changed by another call meanwhile (expected: one at a time)"
                    .formatted(row.name()))
            .from(visit.providerId()));
  }

  private static RoomWas was(RoomRow row, RoomRequest.Change change) {
    Map<Capability, Outcome> outcomes = row.outcomes();
    if (change.sets("capabilities", "rtmp_url")) {
      // The address the provider has is replaced, or taken back.
      outcomes.remove(Capability.RTMP_STREAMING);
    }
    return new RoomWas(row.roomSettings(), outcomes);
  }

  private static RoomPlan checked(RoomVisit visit, RoomPlan plan, boolean strict) {
    if (strict && !plan.outcomes().values().stream().allMatch(Outcome::isApplied)) {
      StringJoiner missing = new StringJoiner(", ");
      ArrayNode detail = RoomJson.object().arrayNode();
      plan.outcomes()
          .forEach((capability, outcome) -> {
            if (!outcome.isApplied()) {
              missing.add("%s is %s".formatted(capability.id(), outcome.outcome()));
              detail.add(RoomJson.tree(outcome).put("capability", capability.id()));
            }
          });
      throw new RoomRefused(
          RoomProblem.of(
                  422,
                  "invalid_request_error",
                  "capability_not_applied",
                  "strict: %s (expected: everything applied; detail says why)".formatted(missing))
              .at("/strict")
              .from(visit.providerId())
              .detailed(detail));
    }
    return plan;
  }

  private Reaping reaping(RoomVisit visit, @Nullable Integer expiresIn) {
    if (visit.account().configured() || visit.provider().facts().endsRooms()) {
      return Reaping.DURABLE;
    }
    if (!visit.caller().keyed()) {
      return Reaping.ANONYMOUS;
    }
    if (expiresIn != null && expiresIn > HeldCredentials.SECONDS_MAX) {
      return Reaping.TOO_LONG;
    }
    return reaper.held().full() ? Reaping.FULL : Reaping.IN_MEMORY;
  }

  private RoomRow row(RoomVisit visit, RoomPlan plan) {
    long now = time.millis();
    RoomSpec spec = plan.spec();
    RoomRef ref = spec.ref();
    return new RoomRow(
        ref.id(),
        visit.caller().tenant(),
        visit.providerId(),
        visit.shelf().fingerprint(),
        ref.name(),
        "",
        "",
        Status.CREATING,
        spec.profile(),
        RoomJson.text(spec.settings().toStoredJson()),
        RoomRow.capabilitiesText(plan.outcomes()),
        visit.caller().keyId(),
        now,
        spec.expiresMillis(),
        spec.settings().lifespan().ejectAtExpiry(),
        reapMillis(visit, spec),
        1,
        now + RoomTurns.TURN_MILLIS_MAX);
  }

  private static RoomRow changed(RoomRow row, RoomPlan plan, Changed changed, RoomVisit visit) {
    RoomSpec spec = plan.spec();
    return new RoomRow(
        row.id(),
        row.tenant(),
        row.provider(),
        row.fingerprint(),
        row.name(),
        row.providerRoomId(),
        row.url(),
        Status.ACTIVE,
        row.profile(),
        RoomJson.text(spec.settings().toStoredJson()),
        RoomRow.capabilitiesText(changed.outcomes()),
        row.keyId(),
        row.createdMillis(),
        spec.expiresMillis(),
        spec.settings().lifespan().ejectAtExpiry(),
        reapMillis(visit, spec),
        row.version(),
        row.busyMillis());
  }

  private static @Nullable Long reapMillis(RoomVisit visit, RoomSpec spec) {
    return visit.account().configured() && !visit.provider().facts().endsRooms()
        ? spec.expiresMillis()
        : null;
  }

  private void hold(RoomVisit visit, RoomRow row, RoomPlan plan) {
    Long expires = plan.spec().expiresMillis();
    if (expires != null && !visit.account().configured() && !visit.provider().facts().endsRooms()) {
      reaper.held().hold(row, visit.account(), expires);
    }
  }

  /// Takes the name. A row whose room the provider no longer has gives it up.
  private void reserve(RoomVisit visit, RoomRow row) {
    if (database.write(handle -> RoomStore.reserve(handle, row))) {
      return;
    }
    Optional<RoomRow> there =
        database.read(handle -> RoomStore.find(handle, visit.shelf(), row.name()));
    boolean making = there.isPresent() && underWay(there.get(), time.millis());
    if (making || visit.provider().find(visit.account(), row.name()).isPresent()) {
      throw taken(visit, row.name());
    }
    boolean took =
        database.write(handle -> {
          there.ifPresent(old -> RoomStore.delete(handle, old.tenant(), old.id()));
          return RoomStore.reserve(handle, row);
        });
    if (!took) {
      throw taken(visit, row.name());
    }
    there.ifPresent(old -> reaper.held().forget(old.id()));
  }

  /// True while the provider is being asked to make it.
  static boolean underWay(RoomRow row, long nowMillis) {
    return row.status() == Status.CREATING && nowMillis - row.createdMillis() < MAKING_MILLIS_MAX;
  }

  private static RoomRefused taken(RoomVisit visit, String name) {
    return new RoomRefused(RoomProblem.conflict(visit.providerId(), name));
  }

  /// @param sweep the provider may have made the room though we never heard so, and its name is one
  ///   nobody else can have: it is taken away again
  private void undo(RoomVisit visit, RoomRow row, boolean sweep) {
    if (sweep) {
      try {
        visit.provider().delete(visit.account(), row.ref());
      } catch (RoomRefused refused) {
        LOG.warn(
            "a room {} may have been left at {}: {}",
            row.name(),
            row.provider(),
            refused.problem().code());
      }
    }
    database.write(handle -> {
      RoomStore.delete(handle, row.tenant(), row.id());
      return true;
    });
  }
}
