"""Gathers every noun's tables for Django; nobody imports from here."""

from skills.audit.models import Event
from skills.catalog.models import Channel, File, Maintainer, Skill, SkillName, Upload, Version
from skills.curation.models import Follow, Label, Report, SkillLabel, Star
from skills.delivery.models import FetchDay
from skills.jobs.models import Job
from skills.notices.models import Notice, NoticePreference
from skills.people.models import Account, Invitation, Membership, Policy, Team, Token
from skills.reviews.models import Comment, Decision
from skills.scans.models import Finding, Scan
from skills.search.models import Document

__all__ = [
    "Account", "Channel", "Comment", "Decision", "Document", "Event", "FetchDay", "File",
    "Finding", "Follow", "Invitation", "Job", "Label", "Maintainer", "Membership", "Notice",
    "NoticePreference", "Policy", "Report", "Scan", "Skill", "SkillLabel", "SkillName", "Star",
    "Team", "Token", "Upload", "Version",
]  # fmt: skip
