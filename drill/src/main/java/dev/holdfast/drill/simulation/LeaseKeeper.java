package dev.holdfast.drill.simulation;

import dev.holdfast.schemas.attempt.HeldAttempt;
import dev.holdfast.schemas.attempt.WorkerReport;
import dev.holdfast.schemas.lease.LeaseRecord.Heartbeat;
import java.util.HashMap;
import java.util.Map;

/** Keeps the leases of a worker: beats, counts, writes lease files, asks for what has lapsed. */
final class LeaseKeeper {
  private static final long NS_PER_MS = 1_000_000;

  private final World world;
  private final WorkerProcess process;
  private final Map<HeldAttempt, KeptLease> leases = new HashMap<>();
  private long nextRequest;

  LeaseKeeper(World world, WorkerProcess process) {
    this.world = world;
    this.process = process;
    this.nextRequest = process.incarnation() << 32;
  }

  void keep(KeptLease lease) {
    leases.put(lease.attempt(), lease);
    schedule(lease, process.bootMs());
  }

  void drop(HeldAttempt attempt) {
    leases.remove(attempt);
  }

  void beatNow(HeldAttempt attempt) {
    KeptLease lease = leases.get(attempt);
    if (lease != null) {
      schedule(lease, process.bootMs());
    }
  }

  void renewed(HeldAttempt attempt, long request) {
    KeptLease lease = leases.get(attempt);
    if (lease != null) {
      lease.extend(lease.renewed(request));
      schedule(lease, process.bootMs());
    }
  }

  private void schedule(KeptLease lease, long atMs) {
    lease.due(atMs);
    process
        .life()
        .after(
            Math.max(0, atMs - process.bootMs()),
            () -> {
              if (isKept(lease) && lease.dueMs() == atMs) {
                sign(lease);
              }
            });
  }

  private boolean isKept(KeptLease lease) {
    return leases.get(lease.attempt()) == lease;
  }

  private void sign(KeptLease lease) {
    long sentAtMs = process.bootMs();
    schedule(lease, lease.cadence().afterSendNs(sentAtMs * NS_PER_MS) / NS_PER_MS);
    if (world.conduct().mayBeat(lease.window(), sentAtMs)) {
      beat(lease, sentAtMs);
    } else if (lease.renewable()) {
      askAgain(lease, sentAtMs);
    }
  }

  private void beat(KeptLease lease, long sentAtMs) {
    var heartbeat =
        new Heartbeat(
            lease.attempt().token(), process.worker(), lease.phase(), lease.window().liveness());
    process
        .post()
        .send(
            world.broker().ledger(lease.attempt().job()),
            new LedgerEntry(lease.attempt().job().value(), heartbeat),
            lease.window().liveness().deliveryTimeout().toMillis(),
            Post.Delivery.whenAcked(() -> {
              process.stumblesAt(Occasion.STUMBLED_OVER_ACK);
              process.life().after(0, () -> acked(lease, sentAtMs));
            }));
  }

  private void acked(KeptLease lease, long sentAtMs) {
    if (isKept(lease)) {
      lease.extend(world.conduct().beaten(lease.window(), sentAtMs, process.bootMs()));
      double fraction = world.chance().fraction();
      schedule(lease, lease.cadence().afterAckNs(sentAtMs * NS_PER_MS, fraction) / NS_PER_MS);
    }
  }

  private void askAgain(KeptLease lease, long sentAtMs) {
    long request = nextRequest++;
    lease.renewalSent(request, sentAtMs);
    process.report(
        new WorkerReport.Renew(
            process.worker(), lease.attempt().job(), lease.attempt().token(), request));
  }
}
