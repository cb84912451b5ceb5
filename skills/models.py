"""Gathers every noun's tables for Django; nobody imports from here."""

from skills.audit.models import Event
from skills.budgets.models import Budget, Hold, LedgerEntry, Period
from skills.budgets.spending_models import CallGroup, Spending, SpendingChange
from skills.budgets.webhook_models import BudgetWebhook
from skills.catalog.denial_models import Denial
from skills.catalog.imports import ImportRun
from skills.catalog.models import (
    Channel,
    File,
    Maintainer,
    Skill,
    SkillName,
    Upload,
    UploadTicket,
    Version,
)
from skills.catalog.provenance import Provenance
from skills.catalog.source_paths import SourcePath
from skills.curation.models import Follow, Label, Report, SkillLabel, Star
from skills.delivery.models import DamagedBlob, FetchDay
from skills.evals.models import CaseWaiver, HiddenCase, Overrule, Run, Transcript, Trial
from skills.jobs.models import Job
from skills.notices.models import Notice, NoticePreference
from skills.people.models import Account, Invitation, Membership, Policy, Team, Token
from skills.portfolio.models import Portfolio, PortfolioModel, Price, Provider
from skills.publishers.models import TrustedPublisher, UsedToken
from skills.reviews.models import Comment, CommentDraft, Decision, ReviewVisit, ViewedFile
from skills.scans.models import Finding, Scan
from skills.search.models import Document
from skills.signing.models import AuditCheckpoint, ReleaseStatement, SignedDocument, SigningKey
from skills.sources.models import Source, Sync
from skills.usage.kept_models import CallKeeping, KeptCall
from skills.usage.models import UnreviewedSkill, VersionFingerprint
from skills.usage.telemetry_models import (
    CumulativeSeries,
    ReportedSession,
    TelemetryWish,
    WaitingUsage,
)

__all__ = [
    "Account",
    "AuditCheckpoint",
    "Budget",
    "BudgetWebhook",
    "CallGroup",
    "CallKeeping",
    "CaseWaiver",
    "Channel",
    "Comment",
    "CommentDraft",
    "CumulativeSeries",
    "DamagedBlob",
    "Decision",
    "Denial",
    "Document",
    "Event",
    "FetchDay",
    "File",
    "Finding",
    "Follow",
    "HiddenCase",
    "Hold",
    "ImportRun",
    "Invitation",
    "Job",
    "KeptCall",
    "Label",
    "LedgerEntry",
    "Maintainer",
    "Membership",
    "Notice",
    "NoticePreference",
    "Overrule",
    "Period",
    "Policy",
    "Portfolio",
    "PortfolioModel",
    "Price",
    "Provenance",
    "Provider",
    "ReleaseStatement",
    "Report",
    "ReportedSession",
    "ReviewVisit",
    "Run",
    "Scan",
    "SignedDocument",
    "SigningKey",
    "Skill",
    "SkillLabel",
    "SkillName",
    "Source",
    "SourcePath",
    "Spending",
    "SpendingChange",
    "Star",
    "Sync",
    "Team",
    "TelemetryWish",
    "Token",
    "Transcript",
    "Trial",
    "TrustedPublisher",
    "UnreviewedSkill",
    "Upload",
    "UploadTicket",
    "UsedToken",
    "Version",
    "VersionFingerprint",
    "ViewedFile",
    "WaitingUsage",
]
