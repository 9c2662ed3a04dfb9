using System.Text.RegularExpressions;

namespace Outdial.Deploy.Tests;

/// <summary>What people read first, against the checkout.</summary>
public sealed partial class DocumentsTests
{
    private static IEnumerable<string> Documents => Directory.EnumerateFiles(Repository.At(), "*.md")
        .Concat(Directory.EnumerateFiles(Repository.At("docs"), "*.md", SearchOption.AllDirectories));

    [Fact]
    public void Every_link_leads_to_a_file_and_to_a_heading_in_it()
    {
        var dead =
            from document in Documents
            from Match link in Link().Matches(File.ReadAllText(document))
            let target = link.Groups[1].Value.Split('#')
            where !target[0].Contains("://", StringComparison.Ordinal)
            let file = target[0].Length == 0 ? document : Path.GetFullPath(target[0], Path.GetDirectoryName(document)!)
            where !Path.Exists(file) || (target.Length > 1 && !Headings(file).Contains(target[1]))
            select $"{Path.GetRelativePath(Repository.At(), document)}: {link.Groups[1].Value}";

        Assert.Empty(dead);
    }

    [Fact]
    public void Every_document_is_found_from_the_README()
    {
        var readme = Repository.Read("README.md");

        Assert.All(Directory.EnumerateFiles(Repository.At("docs"), "*.md"), document =>
            Assert.Contains($"(docs/{Path.GetFileName(document)})", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void The_README_is_read_in_a_few_minutes() => Assert.InRange(Repository.Read("README.md").Split('\n').Length, 40, 120);

    /// <summary>As the anchors of headings are made: small letters, blanks as dashes, no other signs.</summary>
    private static IEnumerable<string> Headings(string file) => Heading().Matches(File.ReadAllText(file))
        .Select(heading => Sign().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}_ -]")]
    private static partial Regex Sign();
}
