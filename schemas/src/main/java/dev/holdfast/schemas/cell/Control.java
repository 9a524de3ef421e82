package dev.holdfast.schemas.cell;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.schemas.Require;
import dev.holdfast.schemas.worker.WorkerId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something an operator has decided about a cell, until it is removed. A control of the same key
 * replaces the one before.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Control.Pause.class, name = "pause"),
  @JsonSubTypes.Type(value = Control.Limit.class, name = "limit"),
  @JsonSubTypes.Type(value = Control.Weight.class, name = "weight"),
  @JsonSubTypes.Type(value = Control.Drain.class, name = "drain"),
  @JsonSubTypes.Type(value = Control.Permits.class, name = "permits"),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Control {
  /** What it is about, e.g. {@code pause/pool/default}. */
  String key();

  /** Whose jobs are not assigned for now. */
  enum PauseScope {
    /** All jobs of a pool. */
    @JsonProperty("pool")
    POOL,
    /** All jobs of an owner. */
    @JsonProperty("owner")
    OWNER,
    /** All jobs of an account whose limit was reached. */
    @JsonProperty("account")
    ACCOUNT
  }

  /**
   * No job of these is assigned; what runs goes on.
   *
   * @param until when it ends by itself; null to wait for somebody to resume
   */
  record Pause(PauseScope scope, String name, @Nullable Instant until) implements Control {
    public Pause {
      Require.present("scope", scope);
      Require.line("name", name, 200);
    }

    @Override
    public String key() {
      return keyOf(scope, name);
    }

    public static String keyOf(PauseScope scope, String name) {
      return "pause/" + word(scope) + "/" + name;
    }
  }

  /** Whose running jobs are limited. */
  enum LimitScope {
    /** Jobs of an owner. */
    @JsonProperty("owner")
    OWNER,
    /** Jobs on a repository, by its URL. */
    @JsonProperty("repository")
    REPOSITORY,
    /** Jobs with a label, as {@code name=value}. */
    @JsonProperty("label")
    LABEL
  }

  /**
   * At most so many of these run at once.
   *
   * @param running 0 or more
   */
  record Limit(LimitScope scope, String name, int running) implements Control {
    public Limit {
      Require.present("scope", scope);
      Require.line("name", name, 2000);
      Require.atLeast("running", 0, running);
    }

    @Override
    public String key() {
      return keyOf(scope, name);
    }

    public static String keyOf(LimitScope scope, String name) {
      return "limit/" + word(scope) + "/" + name;
    }
  }

  /**
   * An owner's share of the workers, next to others'.
   *
   * @param weight 1 is everybody's without a control
   */
  record Weight(String owner, int weight) implements Control {
    public Weight {
      Require.line("owner", owner, 200);
      Require.between("weight", 1, 1000, weight);
    }

    @Override
    public String key() {
      return "weight/owner/" + owner;
    }
  }

  /** The worker finishes what it holds and gets nothing new. */
  record Drain(WorkerId worker) implements Control {
    public Drain {
      Require.present("worker", worker);
    }

    @Override
    public String key() {
      return "drain/worker/" + worker;
    }
  }

  /**
   * How many permits a lock has; 1 without a control.
   *
   * @param lock name of the lock
   */
  record Permits(String lock, int permits) implements Control {
    public Permits {
      Require.line("lock", lock, 2100);
      Require.between("permits", 1, 10_000, permits);
    }

    @Override
    public String key() {
      return "permits/lock/" + lock;
    }
  }

  private static String word(Enum<?> scope) {
    return scope.name().toLowerCase(Locale.ROOT);
  }
}
