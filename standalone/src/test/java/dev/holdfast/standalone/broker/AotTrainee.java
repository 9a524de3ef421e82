package dev.holdfast.standalone.broker;

/** A program short enough to train a cache with in a test. */
public final class AotTrainee {

  private AotTrainee() {}

  public static void main(String[] args) {
    System.out.println("trained with " + String.join(",", args));
  }
}
