package dev.gatewright.room.life;

import dev.gatewright.id.Ids;
import dev.gatewright.room.access.RoomVisit;
import dev.gatewright.room.provider.JoinToken;
import dev.gatewright.room.provider.ProviderRoom;
import dev.gatewright.room.provider.Role;
import dev.gatewright.room.provider.RoomPlan;
import dev.gatewright.room.provider.RoomRef;
import dev.gatewright.room.provider.TokenSpec;
import dev.gatewright.room.settings.RoomSettings;
import dev.gatewright.room.settings.SettingsMerge;
import dev.gatewright.room.store.RoomRow;
import dev.gatewright.room.store.RoomRow.Status;
import dev.gatewright.room.store.RoomStore;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Rooms, from a checked request to the provider and back, remembered on the way. Blocks;
/// thread-safe. Every method throws [RoomRefused] where it cannot answer.
public final class Rooms {
  private final Database database;
  private final RoomMaking making;
  private final RoomMeter meter;
  private final RoomReaper reaper;
  private final RoomTurns turns;
  private final Time time;

  public Rooms(
      Database database, RoomMaking making, RoomMeter meter, RoomReaper reaper, Time time) {
    this.database = database;
    this.making = making;
    this.meter = meter;
    this.reaper = reaper;
    this.turns = new RoomTurns(database, time);
    this.time = time;
  }

  /// A room as the gate and its provider know it.
  ///
  /// @param row null for a room made elsewhere
  /// @param room null when the provider no longer has it
  public record Known(@Nullable RoomRow row, @Nullable ProviderRoom room, String status) {}

  public Known create(RoomVisit visit, RoomRequest request) {
    return metered(visit, () -> making.make(visit, request));
  }

  /// What a create would send, and what would become of each capability. Calls nobody.
  public RoomPlan plan(RoomVisit visit, RoomRequest request) {
    return making.plan(visit, request, null, request.name());
  }

  public Known get(RoomVisit visit, String name) {
    return metered(visit, () -> known(visit, name));
  }

  /// Rooms the gate made, by name, each looked up at the provider in one call.
  public List<Known> list(RoomVisit visit, String after, int limit) {
    return metered(visit, () -> page(visit, after, limit));
  }

  /// @param still asked once nobody else can change the room; throws when it is not what the caller
  ///   believes it is
  public Known update(
      RoomVisit visit, String name, RoomRequest.Change change, Consumer<RoomRow> still) {
    return metered(
        visit,
        () ->
            turns.take(
                visit,
                name,
                row -> {
                  still.accept(row);
                  ours(visit, row);
                  return making.change(visit, row, change);
                }));
  }

  /// @param still as for [#update]
  public void delete(RoomVisit visit, String name, Consumer<RoomRow> still) {
    metered(
        visit,
        () -> {
          if (owned(visit, name).isPresent()) {
            return turns.take(
                visit,
                name,
                row -> {
                  still.accept(row);
                  return remove(visit, row);
                });
          }
          if (!visit.provider().delete(visit.account(), RoomRef.elsewhere(name))) {
            throw visit.notFound(name);
          }
          return true;
        });
  }

  private boolean remove(RoomVisit visit, RoomRow row) {
    if (visit.account().configured()) {
      // Everybody shares this account: what others made under the name since is not touched.
      Optional<ProviderRoom> there = visit.provider().find(visit.account(), row.name());
      if (there.isPresent() && !row.is(there.get())) {
        forget(row);
        return true;
      }
    }
    visit.provider().delete(visit.account(), row.ref());
    forget(row);
    return true;
  }

  /// That the provider has this very room, and not another one of its name.
  private void ours(RoomVisit visit, RoomRow row) {
    Optional<ProviderRoom> there = visit.provider().find(visit.account(), row.name());
    if (there.isEmpty() || !row.is(there.get())) {
      settle(row, null);
      throw visit.notFound(row.name());
    }
  }

  private <T> T metered(RoomVisit visit, Supplier<T> work) {
    return meter.metered(visit, work);
  }

  /// @return the token, and when it ends
  public Minted token(RoomVisit visit, String name, RoomRequest.Token asked) {
    return metered(visit, () -> mint(visit, name, asked));
  }

  /// @param expiresMillis wall clock
  public record Minted(JoinToken token, Role role, long expiresMillis) {}

  private Minted mint(RoomVisit visit, String name, RoomRequest.Token asked) {
    Known known = known(visit, name);
    long now = time.millis();
    Long ends = known.row() == null ? null : known.row().expiresMillis();
    if (known.room() == null || !known.status().equals(Status.ACTIVE.id())) {
      throw visit.notFound(name);
    }
    long expires = now + asked.ttlSeconds() * 1000L;
    if (ends != null && ends < expires) {
      expires = ends;
    }
    RoomSettings settings = known.row() == null ? SettingsMerge.base() : known.row().roomSettings();
    String user = asked.user() == null ? "guest-" + RoomNames.make().substring(0, 8) : asked.user();
    TokenSpec spec =
        new TokenSpec(
            known.room(),
            known.row() == null
                ? null
                : new TokenSpec.Made(known.row().id(), known.row().profile()),
            ends,
            asked.role(),
            user,
            settings,
            now,
            expires);
    return new Minted(visit.provider().token(visit.account(), spec), asked.role(), expires);
  }

  private Known known(RoomVisit visit, String name) {
    Optional<RoomRow> row = owned(visit, name);
    Optional<ProviderRoom> room = visit.provider().find(visit.account(), name);
    if (row.isEmpty() && room.isEmpty()) {
      throw visit.notFound(name);
    }
    if (row.isEmpty()) {
      return new Known(null, room.get(), Status.ACTIVE.id());
    }
    if (room.isPresent() && !row.get().is(room.get())) {
      // Made elsewhere, after ours was gone.
      String status = settle(row.get(), null);
      return visit.account().configured()
          ? new Known(row.get(), null, status)
          : new Known(null, room.get(), Status.ACTIVE.id());
    }
    return new Known(row.get(), room.orElse(null), settle(row.get(), room.orElse(null)));
  }

  /// Brings a row in line with what the provider shows, and names the status.
  private String settle(RoomRow row, @Nullable ProviderRoom room) {
    boolean over = row.expiresMillis() != null && row.expiresMillis() <= time.millis();
    if (room != null) {
      if (row.status() != Status.ACTIVE || !row.providerRoomId().equals(room.id())) {
        database.write(handle -> {
          RoomStore.activate(handle, row.tenant(), row.id(), room.id(), room.url());
          return true;
        });
      }
      return (over ? Status.EXPIRED : Status.ACTIVE).id();
    }
    if (RoomMaking.underWay(row, time.millis())) {
      return Status.CREATING.id();
    }
    Status status = over || row.status() == Status.EXPIRED ? Status.EXPIRED : Status.LOST;
    if (row.status() != status) {
      database.write(handle -> {
        RoomStore.end(handle, row.tenant(), row.id(), status);
        RoomTold.tell(handle, row, "end", time.millis());
        return true;
      });
    }
    return status.id();
  }

  private List<Known> page(RoomVisit visit, String after, int limit) {
    List<RoomRow> rows =
        database.read(handle -> RoomStore.list(handle, visit.shelf(), after, limit));
    List<String> names = rows.stream().map(RoomRow::name).collect(Collectors.toList());
    Map<String, Boolean> alive =
        names.isEmpty() ? Map.of() : visit.provider().alive(visit.account(), names);
    List<Known> page = new ArrayList<>();
    for (RoomRow row : rows) {
      boolean over = row.expiresMillis() != null && row.expiresMillis() <= time.millis();
      boolean there = alive.getOrDefault(row.name(), true);
      String status = there ? (over ? Status.EXPIRED.id() : row.status().id()) : settle(row, null);
      page.add(new Known(row, null, status));
    }
    return page;
  }

  /// With the operator's credential everybody shares one account at the provider, so only what the
  /// caller's own tenant made is there for it.
  private Optional<RoomRow> owned(RoomVisit visit, String name) {
    Optional<RoomRow> row = database.read(handle -> RoomStore.find(handle, visit.shelf(), name));
    if (row.isEmpty() && visit.account().configured()) {
      throw visit.notFound(name);
    }
    return row;
  }

  private void forget(RoomRow row) {
    reaper.held().forget(row.id());
    database.write(handle -> {
      RoomStore.delete(handle, row.tenant(), row.id());
      RoomTold.tell(handle, row, "delete", time.millis());
      return true;
    });
  }

  static String newId(long nowMillis) {
    return Ids.uuid7("room_", nowMillis);
  }
}
