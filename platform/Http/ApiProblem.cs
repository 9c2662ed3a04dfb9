using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Outdial.Platform;

/// <summary>One wrong value in a request.</summary>
/// <param name="Field">Where: a JSON path without <c>$</c> (<c>window.from</c>), a query parameter or a column.</param>
/// <param name="Value">What was sent, masked where it could be a phone number; null when nothing was.</param>
/// <param name="Expected">What would have been right, in words that finish "expected …".</param>
public sealed record FieldProblem(string Field, string? Value, string Expected)
{
    /// <summary>The value is none of a telephone number, whatever it looks like: a count, a duration, an instant. It is shown whole.</summary>
    [JsonIgnore]
    public bool Plain { get; init; }

    /// <param name="value">Shown whole unless it is a text, which could be a phone number.</param>
    public static FieldProblem Of(string field, object? value, string expected) => new(field, value switch
    {
        null => null,
        IFormattable plain => plain.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    }, expected)
    { Plain = value is IFormattable or bool };
}

/// <summary>Error answers in the shape of RFC 9457, the same for every service.</summary>
public static class ApiProblem
{
    /// <summary>400: one field is wrong.</summary>
    public static ProblemHttpResult Invalid(string field, string? value, string expected) =>
        Invalid([new FieldProblem(field, value, expected)]);

    /// <summary>400: several fields are wrong; all are named at once, so that nobody has to send the request five times.</summary>
    public static ProblemHttpResult Invalid(params IReadOnlyList<FieldProblem> problems)
    {
        var masked = Shown(problems);
        return TypedResults.Problem(
            statusCode: StatusCodes.Status400BadRequest,
            title: "The request is not valid.",
            detail: string.Join(' ', masked.Select(Sentence)),
            extensions: new Dictionary<string, object?> { ["errors"] = masked });
    }

    /// <summary>
    /// 400, or another: what was sent cannot be taken as a whole, in a sentence of its own; the problem says the same by its parts.
    /// </summary>
    public static ProblemHttpResult Refused(string detail, FieldProblem problem, int status = StatusCodes.Status400BadRequest) =>
        TypedResults.Problem(
            statusCode: status,
            title: status == StatusCodes.Status400BadRequest ? "The request is not valid." : null,
            detail: detail,
            extensions: new Dictionary<string, object?> { ["errors"] = Shown([problem]) });

    /// <summary>404: there is no such thing.</summary>
    public static ProblemHttpResult NotFound(string what, object id) => Of(StatusCodes.Status404NotFound, $"There is no {what} {id}.");

    /// <summary>409: the state of things forbids it.</summary>
    public static ProblemHttpResult Conflict(string detail) => Of(StatusCodes.Status409Conflict, detail);

    /// <summary>409: what was sent does not go with what was sent before; all fields that differ are named.</summary>
    public static ProblemHttpResult Conflict(string detail, IReadOnlyList<FieldProblem> differs)
    {
        var masked = Shown(differs);
        return TypedResults.Problem(
            statusCode: StatusCodes.Status409Conflict,
            detail: string.Join(' ', masked.Select(Sentence).Prepend(detail)),
            extensions: new Dictionary<string, object?> { ["errors"] = masked });
    }

    /// <summary>Any other status, with a sentence for the caller.</summary>
    public static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(statusCode: status, detail: detail);

    private static FieldProblem[] Shown(IReadOnlyList<FieldProblem> problems) =>
        [.. problems.Select(problem => problem with { Value = problem.Value is null ? null : Shown(problem) })];

    private static string Shown(FieldProblem problem) => problem.Plain ? Shortened(problem.Value!) : Masked.Text(Shortened(problem.Value!));

    private static string Sentence(FieldProblem problem) => problem.Value is null
        ? $"'{problem.Field}' is missing: expected {problem.Expected}."
        : $"'{problem.Field}' is '{problem.Value}': expected {problem.Expected}.";

    private static string Shortened(string value) => value.Length <= 200 ? value : value[..200] + "…";
}
