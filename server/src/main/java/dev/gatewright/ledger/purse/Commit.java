package dev.gatewright.ledger.purse;

import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Hold;
import dev.gatewright.ledger.InsufficientFunds;
import dev.gatewright.ledger.purse.Books.Taken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What one group commit does to purses, and who of its openings may pass: a pure function of what
/// is in it and of the books. Used by one thread, decided as often as the transaction is tried.
///
/// One conditional change a purse covers all that its entries ask; only where that finds too little
/// room are they looked at one by one, in the order they came: one passes when each of its purses
/// has room, and nobody else's refusal refuses it.
public final class Commit {
  private final Map<String, Move> moves = new TreeMap<>();
  private final List<List<Hold>> openings = new ArrayList<>();

  /// @param holds not empty
  public void opening(List<Hold> holds) {
    openings.add(holds);
    for (Hold hold : holds) {
      moves.merge(
          hold.purse(),
          Move.nothing(hold.purse()).taking(hold.nano()),
          (before, _) -> before.taking(hold.nano()));
    }
  }

  /// @param holds those of its opening
  public void close(List<Hold> holds, Cost cost) {
    for (Hold hold : holds) {
      settle(hold, hold.spent(cost));
    }
  }

  /// An opening that never was.
  public void voided(List<Hold> holds) {
    for (Hold hold : holds) {
      settle(hold, 0);
    }
  }

  private void settle(Hold hold, long spent) {
    moves.merge(
        hold.purse(),
        Move.nothing(hold.purse()).settling(hold.nano(), spent),
        (before, _) -> before.settling(hold.nano(), spent));
  }

  public boolean isEmpty() {
    return moves.isEmpty();
  }

  /// Books it.
  ///
  /// @return for each opening, in the order they came, why it may not pass; null where it may
  public List<@Nullable InsufficientFunds> decide(Books books) {
    List<Move> sorted = List.copyOf(moves.values());
    List<Boolean> done = books.tryEach(sorted);
    Map<String, Long> rooms = new TreeMap<>();
    for (int i = 0; i < sorted.size(); i++) {
      if (!done.get(i)) {
        Move move = sorted.get(i);
        OptionalLong room = books.settle(move.closesOnly());
        rooms.put(move.purse(), room.orElse(Long.MIN_VALUE));
      }
    }
    List<@Nullable InsufficientFunds> answers = new ArrayList<>(openings.size());
    if (rooms.isEmpty()) {
      openings.forEach(_ -> answers.add(null));
      return answers;
    }
    Map<String, Long> corrections = new TreeMap<>();
    for (List<Hold> opening : openings) {
      InsufficientFunds refusal = refusal(opening, rooms);
      answers.add(refusal);
      correct(opening, refusal == null, rooms, corrections);
    }
    List<Taken> takes = new ArrayList<>();
    corrections.forEach((purse, nano) -> {
      if (nano != 0) {
        takes.add(new Taken(purse, nano));
      }
    });
    if (!takes.isEmpty()) {
      books.take(takes);
    }
    return answers;
  }

  /// The same for a transaction that ran into a deadlock: takes every purse's lock in order first,
  /// so that what is looked at one by one waits for nobody behind it.
  public List<@Nullable InsufficientFunds> decideAgain(PurseStore books) {
    books.lock(List.copyOf(moves.keySet()));
    return decide(books);
  }

  private static @Nullable InsufficientFunds refusal(List<Hold> opening, Map<String, Long> rooms) {
    for (Hold hold : opening) {
      Long room = rooms.get(hold.purse());
      if (room != null && room < hold.nano()) {
        return new InsufficientFunds(hold.purse(), Math.max(room, -Hold.NANO_MAX));
      }
    }
    return null;
  }

  /// What was too little has nothing taken yet, so who passes takes it now; what was enough has all
  /// taken, so who is refused gives it back.
  private static void correct(
      List<Hold> opening, boolean passes, Map<String, Long> rooms, Map<String, Long> corrections) {
    for (Hold hold : opening) {
      boolean tooLittle = rooms.containsKey(hold.purse());
      if (tooLittle && passes) {
        rooms.merge(hold.purse(), -hold.nano(), Long::sum);
        corrections.merge(hold.purse(), hold.nano(), Long::sum);
      } else if (!tooLittle && !passes) {
        corrections.merge(hold.purse(), -hold.nano(), Long::sum);
      }
    }
  }

  /// Purses and their moves, for who keeps count beside.
  Map<String, Move> moves() {
    return new HashMap<>(moves);
  }
}
