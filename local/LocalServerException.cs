namespace Outdial.LocalServers;

/// <summary>A private server could not be run. The message is a sentence for the person at the terminal and says what to do next.</summary>
public sealed class LocalServerException(string message, Exception? inner = null) : Exception(message, inner);
