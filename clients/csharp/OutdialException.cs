namespace Outdial.Client;

/// <summary>The API refused a request, or answered something else than its description says.</summary>
public class OutdialException : Exception
{
    /// <param name="status">The answer's.</param>
    /// <param name="response">The answer's body; null: none was read.</param>
    public OutdialException(
        string message, int status, string? response, IReadOnlyDictionary<string, IEnumerable<string>> headers, Exception? innerException)
        : base(message, innerException) => (Status, Response, Headers) = (status, response, headers);

    /// <summary>The answer's status.</summary>
    public int Status { get; }

    /// <summary>The answer's body as text; null: none was read.</summary>
    public string? Response { get; }

    /// <summary>The answer's headers.</summary>
    public IReadOnlyDictionary<string, IEnumerable<string>> Headers { get; }

    /// <summary>Why, as the API says it; null: the answer was not the API's own, but a proxy's.</summary>
    public virtual Problem? Problem => null;

    /// <summary>What is wrong with each field of the request; empty: it is not about fields.</summary>
    public IReadOnlyList<FieldProblem> Errors => Problem?.Errors ?? [];
}

/// <summary>The same, with what the API says of it.</summary>
public class OutdialException<TResult> : OutdialException
{
    /// <param name="result">The answer's body, read.</param>
    public OutdialException(
        string message, int status, string? response, IReadOnlyDictionary<string, IEnumerable<string>> headers, TResult result,
        Exception? innerException)
        : base((result as Problem)?.Detail ?? message, status, response, headers, innerException) => Result = result;

    /// <summary>The answer's body, read.</summary>
    public TResult Result { get; }

    public override Problem? Problem => Result as Problem;
}
