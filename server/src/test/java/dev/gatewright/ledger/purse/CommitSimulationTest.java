package dev.gatewright.ledger.purse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Hold;
import dev.gatewright.ledger.InsufficientFunds;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.TestAttempts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The money kernel in a world that one seed decides: replicas that group commits, crash before and
/// after them, lose the answer, are fenced while they sleep and come back, project, and take over.
/// After every durable step the books are computed anew from the log; in the end each call has been
/// paid once. `-Dledger.seed=…` shows one again, `-Dledger.seeds=…` has the long run do as many.
class CommitSimulationTest {
  private static final int STEPS = 60;

  @Test
  void two_thousand_worlds_add_up_at_every_commit() {
    String only = System.getProperty("ledger.seed");
    if (only != null) {
      new World(Long.parseLong(only)).run();
      return;
    }
    long first = new Random().nextLong();
    System.out.println("seed " + first);
    run(first, 2_000);
  }

  @Tag("long")
  @Test
  void and_so_do_a_million() {
    run(1, Integer.getInteger("ledger.seeds", 1_000_000));
  }

  private static void run(long first, int worlds) {
    for (long seed = first; seed != first + worlds; seed++) {
      try {
        new World(seed).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("-Dledger.seed=" + seed, e);
      }
    }
  }

  private static final class Call {
    final int id;
    final Opening opening;
    final Cost cost;
    boolean told;

    Call(int id, Opening opening, Cost cost) {
      this.id = id;
      this.opening = opening;
      this.cost = cost;
    }

    List<Hold> holds() {
      Charge charge = opening.charge();
      return charge == null ? List.of() : charge.holds();
    }
  }

  private enum Kind {
    OPENED,
    CLOSED,
    VOIDED
  }

  private record Entry(Kind kind, Call call) {}

  private static final class Purse {
    final boolean wallet;
    long room;
    long held;
    long unposted;
    long posted;

    Purse(boolean wallet, long room) {
      this.wallet = wallet;
      this.room = room;
    }
  }

  /// What survives every crash.
  private static final class Instance {
    final List<List<Entry>> rows = new ArrayList<>();
    boolean fenced;
    int mark;
  }

  /// A process: what it thinks.
  private static final class Node {
    Instance instance;
    int seq;
    final List<Call> queued = new ArrayList<>();
    final List<Call> open = new ArrayList<>();
    final List<Call> closing = new ArrayList<>();
    final List<Call> voids = new ArrayList<>();

    /// A row of which it does not know whether it is there.
    @Nullable List<Entry> doubtful;

    Node(Instance instance) {
      this.instance = instance;
    }
  }

  private static final class World {
    private final Random random;
    private final Map<String, Purse> purses = new TreeMap<>();
    private final Map<String, Long> limits = new HashMap<>();
    private final List<Instance> instances = new ArrayList<>();
    private final List<Node> processes = new ArrayList<>();
    private final Map<String, Long> balances = new HashMap<>();
    private final Set<String> refs = new HashSet<>();
    private final Set<Integer> paid = new HashSet<>();
    private final Map<String, Long> owed = new HashMap<>();
    private int calls;

    World(long seed) {
      random = new Random(seed);
      for (int i = 0; i < 2; i++) {
        purse("wal_" + i, true);
        purse("bud_" + i + "@0", false);
      }
      int replicas = 1 + random.nextInt(3);
      for (int i = 0; i < replicas; i++) {
        processes.add(new Node(started()));
      }
    }

    private void purse(String id, boolean wallet) {
      long room = random.nextInt(60);
      purses.put(id, new Purse(wallet, room));
      limits.put(id, room);
    }

    private Instance started() {
      Instance instance = new Instance();
      instances.add(instance);
      return instance;
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        step(processes.get(random.nextInt(processes.size())));
      }
      for (Node process : processes) {
        process.instance.fenced = true;
      }
      while (!instances.isEmpty()) {
        Instance last = instances.getFirst();
        project(last, last.rows.size());
        takeOver(last);
      }
      purses.forEach((id, purse) -> {
        assertThat(purse.held).as(id).isZero();
        assertThat(purse.unposted).as(id).isZero();
        assertThat(purse.posted).as(id).isEqualTo(owed.getOrDefault(id, 0L));
      });
    }

    private void step(Node process) {
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> {
          for (int i = random.nextInt(5); i >= 0; i--) {
            process.queued.add(call());
          }
        }
        case 3, 4 -> {
          while (!process.open.isEmpty() && random.nextInt(3) != 0) {
            process.closing.add(process.open.remove(random.nextInt(process.open.size())));
          }
        }
        case 5, 6, 7 -> commit(process);
        case 8 -> {
          if (instances.isEmpty()) {
            return;
          }
          Instance any = instances.get(random.nextInt(instances.size()));
          project(any, any.mark + random.nextInt(any.rows.size() - any.mark + 1));
        }
        default -> die(process);
      }
    }

    private Call call() {
      List<Hold> holds = new ArrayList<>();
      holds.add(new Hold("wal_" + random.nextInt(2), random.nextInt(12)));
      if (random.nextInt(3) == 0) {
        holds.add(new Hold("bud_" + random.nextInt(2) + "@0", random.nextInt(12)));
      }
      // Sometimes more than was held.
      int cost = random.nextInt(14);
      return new Call(
          calls++,
          TestAttempts.opening("req").with(new Charge("v", "", true, holds)),
          new Cost(cost, false, cost, "v", "sim", Map.of()));
    }

    // ── the log ──

    private void commit(Node process) {
      if (process.doubtful != null) {
        settle(process);
        return;
      }
      List<Call> opens = List.copyOf(process.queued);
      List<Call> closes = List.copyOf(process.closing);
      List<Call> voids = List.copyOf(process.voids);
      if (process.instance.fenced || process.instance.rows.size() != process.seq) {
        // The zombie's append changes nothing: it starts anew, and its calls are told to end.
        anew(process);
        return;
      }
      if (random.nextInt(12) == 0) {
        // Killed, or the store failed, before anything was done: nobody was told anything.
        process.queued.clear();
        return;
      }
      Commit commit = new Commit();
      opens.forEach(call -> commit.opening(call.holds()));
      closes.forEach(call -> commit.close(call.holds(), call.cost));
      voids.forEach(call -> commit.voided(call.holds()));
      if (random.nextInt(10) == 0) {
        // Rolled back half-way, and done again: as after a deadlock.
        Map<String, Purse> before = copy();
        commit.decide(new Memory(purses));
        purses.clear();
        purses.putAll(before);
      }
      List<@Nullable InsufficientFunds> answers = commit.decide(new Memory(purses));
      List<Entry> row = new ArrayList<>();
      for (int i = 0; i < opens.size(); i++) {
        if (answers.get(i) == null) {
          row.add(new Entry(Kind.OPENED, opens.get(i)));
        } else {
          assertThat(tight(opens.get(i))).as("refused without a reason").isTrue();
        }
      }
      closes.forEach(call -> row.add(new Entry(Kind.CLOSED, call)));
      voids.forEach(call -> row.add(new Entry(Kind.VOIDED, call)));
      process.instance.rows.add(row);
      check();
      if (random.nextInt(8) == 0) {
        // It is durable, and the answer is lost.
        process.doubtful = row;
        process.queued.clear();
        return;
      }
      process.seq++;
      row.stream()
          .filter(entry -> entry.kind() == Kind.OPENED)
          .forEach(entry -> {
            entry.call().told = true;
            process.open.add(entry.call());
          });
      process.queued.clear();
      process.closing.clear();
      process.voids.clear();
    }

    /// A wallet or budget it needs has, now that all is booked, less room than some call held: true
    /// for whoever was refused, since refusals give back what they took.
    private boolean tight(Call call) {
      return call.holds().stream().anyMatch(hold -> get(hold.purse()).room < hold.nano());
    }

    private void settle(Node process) {
      List<Entry> row = process.doubtful;
      process.doubtful = null;
      if (row == null || process.instance.fenced) {
        anew(process);
        return;
      }
      if (process.instance.rows.size() == process.seq + 1) {
        process.seq++;
        process.closing.clear();
        process.voids.clear();
        // Their callers were told they are not recorded.
        row.stream()
            .filter(entry -> entry.kind() == Kind.OPENED)
            .forEach(entry -> process.voids.add(entry.call()));
      }
    }

    private void anew(Node process) {
      process.instance = started();
      process.seq = 0;
      process.doubtful = null;
      process.queued.clear();
      process.open.clear();
      process.closing.clear();
      process.voids.clear();
    }

    /// Killed, or asleep until somebody has taken its lease.
    private void die(Node process) {
      Instance dead = process.instance;
      dead.fenced = true;
      if (random.nextBoolean()) {
        project(dead, dead.rows.size());
        takeOver(dead);
      }
      if (random.nextBoolean()) {
        anew(process);
      }
    }

    // ── what becomes of it ──

    private void project(Instance instance, int to) {
      if (to <= instance.mark || random.nextInt(10) == 0) {
        // Nothing to do, or it broke off and was undone whole.
        return;
      }
      Postings postings = new Postings();
      for (List<Entry> row : instance.rows.subList(instance.mark, to)) {
        row.stream()
            .filter(entry -> entry.kind() == Kind.CLOSED)
            .forEach(entry -> {
              once(entry.call());
              postings.closed(entry.call().opening, entry.call().cost);
            });
      }
      post(postings, System.identityHashCode(instance) + ":" + to);
      instance.mark = to;
      check();
    }

    private void takeOver(Instance instance) {
      if (!instance.fenced || instance.mark < instance.rows.size() || !instances.remove(instance)) {
        return;
      }
      Postings postings = new Postings();
      open(instance)
          .forEach(call -> {
            once(call);
            postings.interrupted(call.opening, call.cost);
          });
      post(postings, System.identityHashCode(instance) + ":end:" + refs.size());
      check();
    }

    private void once(Call call) {
      assertThat(paid.add(call.id)).as("call %d is paid twice", call.id).isTrue();
      call.holds().forEach(hold -> owed.merge(hold.purse(), hold.spent(call.cost), Long::sum));
    }

    private void post(Postings postings, String of) {
      postings
          .purses()
          .forEach((id, posted) -> {
            Purse purse = get(id);
            purse.room += posted.held() - posted.direct();
            purse.held -= posted.held();
            purse.unposted -= posted.settled();
            purse.posted += posted.spent();
          });
      for (Transfer transfer : postings.transfers(of, 0)) {
        assertThat(refs.add(transfer.ref())).as(transfer.ref()).isTrue();
        balances.merge(transfer.debit(), -transfer.nano(), Long::sum);
        balances.merge(transfer.credit(), transfer.nano(), Long::sum);
      }
    }

    private static List<Call> open(Instance instance) {
      Map<Integer, Call> open = new TreeMap<>();
      for (List<Entry> row : instance.rows) {
        for (Entry entry : row) {
          if (entry.kind() == Kind.OPENED) {
            open.put(entry.call().id, entry.call());
          } else {
            open.remove(entry.call().id);
          }
        }
      }
      return List.copyOf(open.values());
    }

    private void check() {
      Map<String, Long> held = new HashMap<>();
      Map<String, Long> unposted = new HashMap<>();
      for (Instance instance : instances) {
        open(instance).forEach(call -> call.holds().forEach(hold -> add(held, hold, hold.nano())));
        for (List<Entry> row : instance.rows.subList(instance.mark, instance.rows.size())) {
          row.stream()
              .filter(entry -> entry.kind() == Kind.CLOSED)
              .forEach(entry ->
                  entry
                      .call()
                      .holds()
                      .forEach(hold -> add(unposted, hold, hold.spent(entry.call().cost))));
        }
      }
      purses.forEach((id, purse) -> {
        assertThat(purse.held).as(id + " held").isEqualTo(held.getOrDefault(id, 0L));
        assertThat(purse.unposted).as(id + " unposted").isEqualTo(unposted.getOrDefault(id, 0L));
        long all = purse.room + purse.held + purse.unposted + purse.posted;
        assertThat(all).as(id + " together").isEqualTo(limits.get(id));
        if (purse.wallet) {
          assertThat(purse.room).as(id + " room").isNotNegative();
          assertThat(-balances.getOrDefault(id, 0L)).as(id + " paid").isEqualTo(purse.posted);
        }
      });
      assertThat(balances.values().stream().mapToLong(Long::longValue).sum()).isZero();
    }

    private static void add(Map<String, Long> sums, Hold hold, long nano) {
      sums.merge(hold.purse(), nano, Long::sum);
    }

    private Purse get(String id) {
      Purse purse = purses.get(id);
      if (purse == null) {
        throw new AssertionError(id);
      }
      return purse;
    }

    private Map<String, Purse> copy() {
      Map<String, Purse> copy = new TreeMap<>();
      purses.forEach((id, purse) -> {
        Purse same = new Purse(purse.wallet, purse.room);
        same.held = purse.held;
        same.unposted = purse.unposted;
        same.posted = purse.posted;
        copy.put(id, same);
      });
      return copy;
    }
  }

  /// What PurseStore does, in memory.
  private record Memory(Map<String, Purse> purses) implements Books {
    @Override
    public List<Boolean> tryEach(List<Move> moves) {
      List<Boolean> done = new ArrayList<>();
      for (Move move : moves) {
        Purse purse = purses.get(move.purse());
        boolean room = purse != null && purse.room + move.back() >= move.take();
        if (purse != null && room) {
          purse.room += move.back() - move.take();
          purse.held += move.take() - move.freed();
          purse.unposted += move.spent();
        }
        done.add(room);
      }
      return done;
    }

    @Override
    public OptionalLong settle(Move move) {
      Purse purse = purses.get(move.purse());
      if (purse == null) {
        return OptionalLong.empty();
      }
      purse.room += move.back();
      purse.held -= move.freed();
      purse.unposted += move.spent();
      return OptionalLong.of(purse.room);
    }

    @Override
    public void take(List<Taken> takes) {
      for (Taken taken : takes) {
        Purse purse = purses.get(taken.purse());
        if (purse != null) {
          purse.room -= taken.nano();
          purse.held += taken.nano();
        }
      }
    }
  }
}
